import pytest

from estran.errors import SettingsError
from estran.settings import Settings


def test_an_environment_variable_goes_before_a_file_and_a_file_before_the_default(tmp_path):
    toml = tmp_path / "estran.toml"
    toml.write_text("top = 3\nthreads = 1\n")
    settings = Settings.load(toml, {"ESTRAN_TOP": "7", "HOME": "/root"})
    assert (settings.top, settings.threads, settings.concepts) == (7, 1, 20_000)


def test_a_file_that_is_not_there_changes_nothing(tmp_path):
    assert Settings.load(tmp_path / "none.toml", {}) == Settings()


def test_a_switch_is_read_from_a_file_and_from_the_environment(tmp_path):
    toml = tmp_path / "estran.toml"
    toml.write_text("recent = true\n")
    assert Settings.load(toml, {}).recent is True
    assert Settings.load(toml, {"ESTRAN_RECENT": "no"}).recent is False


def test_a_secret_in_the_environment_is_no_setting():
    settings = Settings.load(environ={"ESTRAN_EMBEDDINGS_KEY": "s3cret", "ESTRAN_ENCODER": " plain "})
    assert settings == Settings(encoder="plain")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("tops = 3", "unknown setting 'tops'"),
        ("top = 'many'", "top must be a number, not 'many'"),
        ("top = 0", "top must be 1 or more, not 0"),
        ("false_discovery_rate = 2", "must lie between 0 and 1"),
        ("longest_phrase = 9", "between 1 and 4"),
        ("top = ", "not valid TOML"),
        ("encoder = 3", "encoder must be a name, not 3"),
        ("encoder = ' '", "encoder must be a name"),
        ("recent = 'perhaps'", "recent must be true or false, not 'perhaps'"),
    ],
)
def test_a_wrong_setting_is_refused_in_a_sentence(tmp_path, text, sentence):
    toml = tmp_path / "estran.toml"
    toml.write_text(text)
    with pytest.raises(SettingsError, match=sentence):
        Settings.load(toml, {})


def test_settings_that_cannot_be_read_are_refused_in_a_sentence(tmp_path):
    (tmp_path / "estran.toml").mkdir()
    with pytest.raises(SettingsError, match=r"estran\.toml cannot be read .*: it must be text in UTF-8"):
        Settings.load(tmp_path / "estran.toml", {})
