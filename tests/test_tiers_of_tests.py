"""Every test file has one tier, and what `-m` rules out is not even imported."""

import pytest
from tiers import TESTS, TIERS, may_be_wanted, tier_of


def test_what_is_named_is_there_and_named_once():
    places = [place for several in TIERS.values() for place in several]
    assert sorted(places) == sorted(set(places))
    assert [place for place in places if not (TESTS / place).exists()] == []


@pytest.mark.parametrize(
    ("file", "tier"),
    [("city/test_people.py", "quick"), ("docs/test_site.py", "docs"), ("packaging/test_build.py", "system"), ("new/test_new.py", "quick")],
)
def test_a_file_is_of_the_tier_of_its_folder_or_its_own(file, tier):
    assert tier_of(TESTS / file) == tier


def test_a_file_that_is_named_itself_leaves_the_tier_of_its_folder():
    assert tier_of(TESTS / "packaging" / "test_metadata.py") == "docs"


@pytest.mark.parametrize(
    ("marks", "wanted"),
    [
        ("docs", True),
        ("quick", False),
        ("quick or docs", True),
        ("not docs", False),
        ("not soak", True),
        ("soak", True),
        ("(quick or contract) and not soak", False),
        ("(quick or docs) and not (slow or soak)", True),
    ],
)
def test_files_are_left_out_where_no_test_of_theirs_can_be_wanted(marks, wanted):
    assert may_be_wanted(TESTS / "docs" / "test_site.py", marks) is wanted


def test_tests_bear_the_mark_of_their_tier(request):
    assert request.node.get_closest_marker("quick")
