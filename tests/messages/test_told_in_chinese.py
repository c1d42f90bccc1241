"""What studies, files and damaged results say is in the language in force, whole: its parts as well as its frame."""

import errno
import pickle

import pytest

from sim.errors import ScenarioError, UserError, reason
from sim.experiments.studies.study_file import make_study
from sim.files import os_errors_as
from sim.messages import Joined, Message, speaking, with_suggestion
from sim.results.manifest import read_manifest

WRONG = {
    "scenario": "baseline",
    "sedd": 3,
    "replicates": 0,
    "design": {"kind": "sobol", "samples": 3},
    "factors": {"policy.rule_of_law": {"low": 0.3, "high": 0.1}},
    "outcomes": ["stabilty", "stability", "stability"],
}
ENGLISH = ("got", "expected", "number", "again", "one of", "power", "no more", "mean")


def test_every_problem_of_a_study_is_told_in_chinese():
    with pytest.raises(ScenarioError) as caught:
        make_study(WRONG)
    assert "replicates: got 0; expected a whole number from 1 to 10,000" in caught.value.message.text("en")
    lines = caught.value.message.text("zh").splitlines()
    assert len(lines) == 6
    assert "study：replicates：现为0；应为1至10,000之间的整数" in lines
    assert [line for line in lines if any(word in line for word in ENGLISH)] == []


@pytest.mark.parametrize("what", ["cannot write into {folder}", Message("cannot write into {folder}", folder="here")])
def test_what_cannot_be_done_with_files_is_told_in_both(what):
    with pytest.raises(UserError) as caught, os_errors_as(what, **({} if isinstance(what, Message) else {"folder": "here"})):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert caught.value.message.text("en") == "cannot write into here: the disk is full"
    assert caught.value.message.text("zh") == "无法写入here：磁盘已满"


def test_braces_in_the_name_of_a_folder_are_no_fields():
    with pytest.raises(UserError) as caught, os_errors_as("cannot write into {folder}", folder="{a} {0}"):
        raise OSError(errno.EROFS, "Read-only file system")
    assert str(caught.value) == "cannot write into {a} {0}: the disk is read-only"


def test_results_that_are_not_there_are_told_in_chinese(tmp_path):
    with pytest.raises(UserError) as caught:
        read_manifest(tmp_path)
    assert caught.value.message.text("en").endswith(": No such file or directory; a folder of results has this file")
    assert caught.value.message.text("zh").endswith("：没有该文件或文件夹；结果文件夹中应有此文件")


def test_an_unusual_reason_of_the_system_is_told_as_it_has_it():
    assert reason(OSError(errno.EXDEV, "Invalid cross-device link")) == "Invalid cross-device link"


def test_what_was_meant_is_asked_where_something_is_near():
    message = Message("no permission")
    assert with_suggestion(message, None) is message
    assert with_suggestion(message, "baseline").text("zh") == "没有权限；是否应为baseline？"


def test_words_between_choices_are_told_in_chinese():
    with speaking("zh"):
        assert [str(Joined(("a", "b"), between)) for between in (", ", "; ", " and ", " or ")] == ["a、b", "a；b", "a和b", "a或b"]


def test_errors_of_worker_processes_keep_both_languages():
    error = pickle.loads(pickle.dumps(UserError("{path}: {why}", path="a", why=Message("no permission"))))
    assert (error.message.text("en"), error.message.text("zh")) == ("a: no permission", "a：没有权限")
