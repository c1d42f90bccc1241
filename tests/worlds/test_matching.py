"""Matching: worlds fit, an interrupt or a kill loses nothing, and neither processes nor pauses change a bit. The model is made up."""

import dataclasses
import signal
import subprocess
import sys
import time
from pathlib import Path

import made_up
import numpy as np
import pytest

from sim.errors import UserError
from sim.experiments.worlds import honesty, kept_trials, make, trials
from sim.experiments.worlds.evidence import RATES, Trial, plain, targets
from sim.scenario import load_scenario
from sim.worlds.priors import shipped

BASE = plain(load_scenario("baseline"))
DEFAULTS = {name: prior.default for name, prior in shipped().items()}


@pytest.fixture
def counted(monkeypatch):
    """The made-up model; counts its trials, and raises KeyboardInterrupt after as many as wanted."""
    count = {"done": 0, "stop": None}

    def tried(*job):
        if count["done"] == count["stop"]:
            raise KeyboardInterrupt
        count["done"] += 1
        return made_up.measured(*job)

    monkeypatch.setattr(trials, "measure", tried)
    return count


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A finished matching: its set, and the bytes of its file."""
    folder = tmp_path_factory.mktemp("whole")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trials, "measure", made_up.measured)
        found = make.make_worlds(folder, settings=made_up.SETTINGS, workers=1)
    return found, (folder / make.FILE).read_bytes()


def test_every_world_fits_every_target(whole):
    found, _ = whole
    assert len(found) >= made_up.SETTINGS.count
    for target in targets(BASE):
        assert found.table[target.name].between(target.low, target.high).all()
        assert (found.table[f"luck:{target.name}"] <= made_up.SETTINGS.luck).all()
        assert (found.table[f"distance:{target.name}"] <= 1.0).all()


def test_freely_drawn_points_do_not_fit_and_steered_ones_mostly_do(whole):
    shares = {key: np.array(list(whole[0].about[key].values())) for key in ("prior_inside", "steered_inside")}
    assert shares["prior_inside"].prod() < 1e-3
    assert shares["steered_inside"].mean() > shares["prior_inside"].mean() + 0.1


def test_what_no_target_needs_stays_where_the_prior_put_it(whole):
    """Positions of coefficients without influence are uniform, as drawn."""
    found, _ = whole
    needed = {made_up.NAMES[one] for chosen, _ in made_up.MATTERS.values() for one in chosen}
    idle = [name for name in made_up.NAMES if name not in needed]
    places = np.array([[shipped()[name].position(value) for value in found.table[name]] for name in idle])
    assert 0.45 < places.mean() < 0.55
    assert places.std() * np.sqrt(12) > 0.85


def test_coefficients_that_move_together_do(whole):
    for world in whole[0]:
        places = [shipped()[name].position(world.coefficients[name]) for name in ("policing.visible", "satisfaction.visible")]
        assert places[0] == pytest.approx(places[1], abs=1e-4)


def test_it_goes_on_after_an_interrupt_and_gives_the_same_bytes(tmp_path, counted, whole):
    counted["stop"] = 700
    with pytest.raises(KeyboardInterrupt):
        make.make_worlds(tmp_path, settings=made_up.SETTINGS, workers=1)
    assert not (tmp_path / make.FILE).exists()
    counted["stop"] = None
    make.make_worlds(tmp_path, settings=made_up.SETTINGS, workers=1)
    assert (tmp_path / make.FILE).read_bytes() == whole[1]
    done = counted["done"]
    make.make_worlds(tmp_path, settings=made_up.SETTINGS, workers=1)
    assert counted["done"] == done  # everything was kept


def test_it_goes_on_after_a_kill(tmp_path, counted, whole):
    here = Path(__file__).parent
    process = subprocess.Popen([sys.executable, str(here / "made_up.py"), str(tmp_path)])
    until = time.monotonic() + 240
    while not _kept(tmp_path) and time.monotonic() < until:
        time.sleep(0.2)
    process.send_signal(signal.SIGKILL)
    process.wait()
    before = _kept(tmp_path)
    assert before > 0
    make.make_worlds(tmp_path, settings=made_up.SETTINGS, workers=1)
    assert (tmp_path / make.FILE).read_bytes() == whole[1]
    assert counted["done"] > 0


@pytest.fixture(scope="module")
def larger(tmp_path_factory, whole):
    """Settings for more worlds than the finished matching found, and the bytes of their set, made at once."""
    settings, folder = dataclasses.replace(made_up.SETTINGS, count=len(whole[0]) + 1), tmp_path_factory.mktemp("larger")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trials, "measure", made_up.measured)
        make.make_worlds(folder, settings=settings, workers=1)
    return settings, (folder / make.FILE).read_bytes()


@pytest.mark.parametrize("points", [True, False])
def test_a_set_is_enlarged_elsewhere_to_the_bytes_of_one_matching(tmp_path, counted, whole, larger, points):
    """Also one whose file does not have the points that the matching learnt from: they are simulated again, but no candidate is."""
    begun = whole[0] if points else dataclasses.replace(whole[0], points=None)
    settings, at_once = larger
    make.make_worlds(tmp_path, settings=settings, workers=1, enlarged=begun)
    assert (tmp_path / make.FILE).read_bytes() == at_once
    first, after = counted["done"], settings.explored * 11 + settings.batch * 11
    counted["done"] = 0
    make.make_worlds(tmp_path / "alone", settings=settings, workers=1)
    assert first <= counted["done"] - after if points else first < counted["done"]


def test_a_set_that_is_large_enough_stays_as_it_is(tmp_path, counted, whole):
    found = make.make_worlds(tmp_path, settings=made_up.SETTINGS, workers=1, enlarged=whole[0])
    assert (tmp_path / make.FILE).read_bytes() == whole[1]
    assert counted["done"] == 0
    assert len(found) == len(whole[0])


@pytest.mark.parametrize(
    ("change", "said"), [({"batch": 9}, "batch 8, not 9"), ({"discrepancy": 0.3}, "0.25, not 0.3"), ({"seed": 2}, "seed 1, not 2")]
)
def test_a_set_of_other_settings_is_not_enlarged(tmp_path, whole, change, said):
    with pytest.raises(UserError, match=said):
        make.make_worlds(tmp_path, settings=dataclasses.replace(made_up.SETTINGS, **change), enlarged=whole[0])


def test_a_set_of_other_evidence_or_a_part_of_one_is_not_enlarged(tmp_path, whole):
    other = dataclasses.replace(whole[0], about={**whole[0].about, "evidence": "other"})
    with pytest.raises(UserError, match="another evidence"):
        make.make_worlds(tmp_path, settings=made_up.SETTINGS, enlarged=other)
    part = dataclasses.replace(whole[0], table=whole[0].table.head(2))
    with pytest.raises(UserError, match="only a whole set"):
        make.make_worlds(tmp_path, settings=made_up.SETTINGS, enlarged=part)


def test_the_honesty_test_takes_the_points_that_explored_the_prior_from_the_set(tmp_path, counted, whole):
    settings = dataclasses.replace(made_up.SETTINGS, count=1, batch=2)
    honesty.honesty(tmp_path / "with", settings, workers=1, explored=whole[0])
    done, counted["done"] = counted["done"], 0
    honesty.honesty(tmp_path / "without", settings, workers=1)
    assert counted["done"] - done == settings.explored * 11
    names = [honesty.file_of(number) for number in (1, 2, 3)]
    assert all((tmp_path / "with" / name).read_bytes() == (tmp_path / "without" / name).read_bytes() for name in names)


def _kept(folder):
    """Trials on the disk."""
    if not (folder / kept_trials.FILE).exists():
        return 0
    with kept_trials.sqlite3.connect(f"file:{folder / kept_trials.FILE}?mode=ro", uri=True) as connection:
        try:
            return connection.execute("SELECT count(*) FROM trials").fetchone()[0]
        except kept_trials.sqlite3.Error:
            return 0


def test_a_damaged_row_is_simulated_again(tmp_path, counted):
    with kept_trials.open_kept(tmp_path, {"model": "x"}) as kept:
        kept.put("a", (1.0, float("nan")))
        kept.put("b", (2.0,))
    with kept_trials.sqlite3.connect(tmp_path / kept_trials.FILE) as connection:
        connection.execute("UPDATE trials SET value = '[3.0]' WHERE key = 'b'")
    with kept_trials.open_kept(tmp_path, {"model": "x"}) as kept:
        found = kept.get(["a", "b"])
    assert found["a"][0] == 1.0
    assert np.isnan(found["a"][1])
    assert "b" not in found


def test_of_a_database_with_a_damaged_page_the_other_trials_are_kept(tmp_path):
    keys = [f"{number:05d}" for number in range(3000)]
    with kept_trials.open_kept(tmp_path, {"model": "x"}) as kept:
        for number, key in enumerate(keys):
            kept.put(key, (float(number), 1.0))
    content = bytearray((tmp_path / kept_trials.FILE).read_bytes())
    content[len(content) // 2 : len(content) // 2 + 4096] = b"\xff" * 4096
    (tmp_path / kept_trials.FILE).write_bytes(content)
    for _ in range(2):
        with kept_trials.open_kept(tmp_path, {"model": "x"}) as kept:
            found = kept.get(keys)
            assert all(found[key][0] == float(key) for key in found)
            assert 2000 < len(found) < 3000
            kept.put("new", (1.0,))
            assert kept.get(["new"]) == {"new": (1.0,)}


def test_a_file_that_is_no_database_is_one_error_and_stays(tmp_path):
    (tmp_path / kept_trials.FILE).write_bytes(b"no database" * 1000)
    with pytest.raises(UserError, match=r"trials.sqlite is damaged .*: choose another folder"), kept_trials.open_kept(tmp_path, {}):
        pass
    assert (tmp_path / kept_trials.FILE).read_bytes() == b"no database" * 1000


def test_trials_of_another_model_are_refused(tmp_path):
    with kept_trials.open_kept(tmp_path, {"model": "x"}):
        pass
    with pytest.raises(UserError, match="model x, and this is model y"), kept_trials.open_kept(tmp_path, {"model": "y"}):
        pass


def test_one_process_at_a_time(tmp_path):
    with (
        kept_trials.open_kept(tmp_path, {}),
        pytest.raises(UserError, match="another process keeps its runs"),
        kept_trials.open_kept(tmp_path, {}),
    ):
        pass


def test_a_folder_that_cannot_be_written_is_one_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="cannot write into"):
        make.make_worlds(tmp_path / "file" / "below", settings=made_up.SETTINGS, workers=1)


def test_a_database_that_is_none_is_one_error(tmp_path):
    (tmp_path / kept_trials.FILE).write_text("no database at all, whatever its name says " * 50)
    with pytest.raises(UserError, match="is damaged"):
        make.make_worlds(tmp_path, settings=made_up.SETTINGS, workers=1)


@pytest.mark.parametrize("wrong", [{"count": 0}, {"explored": 3}, {"residents": 10}, {"luck": 0.0}, {"discrepancy": -1}, {"seed": -1}])
def test_wrong_settings_are_told(tmp_path, wrong):
    with pytest.raises(UserError, match="expected"):
        make.make_worlds(tmp_path, settings=dataclasses.replace(made_up.SETTINGS, **wrong))
    with pytest.raises(UserError, match="no target"):
        make.make_worlds(tmp_path, settings=dataclasses.replace(made_up.SETTINGS, leave_out=("effect:none",)))


def test_a_world_that_cannot_be_simulated_is_refused_not_fatal(tmp_path, monkeypatch):
    def never(scenario, trial, rates):
        if trial.what != RATES and trial.what.startswith("audits"):
            raise FloatingPointError("not a number")
        return made_up.measured(scenario, trial, rates)

    monkeypatch.setattr(trials, "measure", never)
    with pytest.raises(UserError, match="no world fits"):
        make.make_worlds(tmp_path, settings=dataclasses.replace(made_up.SETTINGS, explored=40, batch=2, count=1), workers=1)


def test_a_trial_that_fails_says_nothing_about_others_in_its_city(tmp_path, monkeypatch):
    def never(scenario, trial, rates):
        if trial.what == "audits":
            raise FloatingPointError("not a number")
        return made_up.measured(scenario, trial, rates)

    monkeypatch.setattr(trials, "measure", never)
    wanted = [Trial(DEFAULTS, {}, what, 1, 2000) for what in ("cameras", "audits", "hot spots")]
    with kept_trials.open_kept(tmp_path, {}) as kept, trials.Trials(BASE, (), kept, 1) as place:
        found = place.values(wanted)
        assert place.failed == 1
        assert sorted(kept.get([trial.key for trial in wanted])) == sorted(wanted[one].key for one in (0, 2))
    assert np.isfinite([value for (value,) in found]).tolist() == [True, False, True]


def test_what_was_kept_is_no_progress(tmp_path, monkeypatch):
    """Otherwise a resumed matching tells the time left at the pace of reading a file."""
    monkeypatch.setattr(trials, "measure", made_up.measured)
    wanted = [Trial(DEFAULTS, {}, "cameras", seed, 10_000_000) for seed in range(1, 5)]
    each, told = int(trials.cost(wanted[0]) / 1e6), []
    with kept_trials.open_kept(tmp_path, {}) as kept:
        for trial in wanted[:3]:
            kept.put(trial.key, (0.0,))
        with trials.Trials(BASE, (), kept, 1, progress=lambda done, total: told.append((done, total))) as place:
            place.planned = sum(map(trials.cost, wanted))
            place.values(wanted)
    assert told[0] == (0, each)
    assert told[-1][0] == each


def test_processes_change_no_bit(tmp_path):
    """The real model: trials in this process and in two others."""
    wanted = [Trial(DEFAULTS, {}, what, seed, 2000) for what in (RATES, "cameras") for seed in (1, 2)]
    rates = ("rate_contacts", "content")
    found = []
    for workers in (1, 2):
        with kept_trials.open_kept(tmp_path / str(workers), {}) as kept, trials.Trials(BASE, rates, kept, workers) as place:
            found.append(place.values(wanted))
    assert found[0] == found[1]
    assert len(set(found[0])) == 4


def test_the_honesty_test_counts_what_is_covered(whole):
    found, _ = whole
    names = [one["name"] for one in found.about["targets"] if one["name"].startswith("effect:")]
    rows = honesty.covered(found, tuple(names))
    for row, name in zip(rows, names, strict=True):
        middle, half = 0.5 * (row["known_low"] + row["known_high"]), 0.5 * (row["known_high"] - row["known_low"])
        more = found.about["settings"]["discrepancy"] * half
        values = np.sort(found.table[name])
        assert row["covered"] == (values[0] - more <= middle <= values[-1] + more)  # 8 worlds: their range has less than 90 %
        assert row["without"] <= row["covered"]


def test_every_effect_is_left_out_once():
    folds = honesty.folds_of()
    assert len(folds) == 3
    assert sorted(name for fold in folds for name in fold) == sorted(one.name for one in targets(BASE) if one.kind == "effect")


def test_a_set_that_was_not_told_is_made_for_every_fold(tmp_path, whole):
    told = []

    def make_(folder, settings, **_):
        told.append(settings.leave_out)
        return whole[0]

    result = honesty.honesty(tmp_path, made_up.SETTINGS, make=make_)
    assert told == honesty.folds_of()
    assert result.coverage == result.table["covered"].mean()
    assert result.holds == (result.coverage >= 0.8)


def test_a_target_left_out_neither_steers_nor_judges(tmp_path, monkeypatch):
    """What it was not told may lie anywhere: here far outside."""

    def apart(scenario, trial, rates):
        values = made_up.measured(scenario, trial, rates)
        return (1e6 + trial.seed % 7,) if trial.what == "audits" else values

    monkeypatch.setattr(trials, "measure", apart)
    found = make.make_worlds(tmp_path, settings=dataclasses.replace(made_up.SETTINGS, count=1, leave_out=("effect:audits",)), workers=1)
    assert (found.table["effect:audits"] > 1e5).all()
