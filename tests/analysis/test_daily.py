"""How often themes are said day by day, and what was to be expected."""

import datetime as dt

import numpy as np
import pytest

from estran.analysis.daily import daily
