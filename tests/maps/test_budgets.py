"""What a map may weigh and take, on the synthetic events of the measurements."""

import importlib.util
import time
from pathlib import Path

import pytest

from geo.maps import event_map, save_map

SCRIPT = Path(__file__).parents[2] / "evaluation" / "map_budgets.py"


@pytest.fixture(scope="module")
def events():
    for needed in ("playwright", "wordfreq"):
        pytest.importorskip(needed)
    spec = importlib.util.spec_from_file_location("map_budgets", SCRIPT)
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    return script.events


@pytest.mark.parametrize(("size", "megabytes", "seconds"), [(1_000, 0.8, 4), (10_000, 2.5, 6)])
def test_a_map_stays_within_its_budget(events, tmp_path, size, megabytes, seconds):
    table = events(size)
    start = time.process_time()
    path = save_map(event_map(table), tmp_path / "map.html")
    taken = time.process_time() - start
    assert path.stat().st_size < megabytes * 1e6
    # several times what it takes alone on a machine
    assert taken < seconds
