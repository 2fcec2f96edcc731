"""A process that kills itself at its nth touch of a file in a folder."""

import os
import signal
import sys

TOUCHES = {"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.listdir", "os.scandir"}


class Touches:
    """Counts the touches of files in a folder from now on, and ends this process at the last one."""

    def __init__(self, folder, last):
        self.many, self._folder, self._last = 0, str(folder), last
        sys.addaudithook(self._touch)

    def _touch(self, event, arguments):
        if event in TOUCHES and self._folder in str(arguments[0]):
            self.many += 1
            if self.many == self._last:
                os.kill(os.getpid(), signal.SIGKILL)
