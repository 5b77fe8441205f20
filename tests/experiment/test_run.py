import dataclasses
import json
import multiprocessing

import pytest

from experiment.errors import DataError, UsageError
from experiment.files import read_json, write_json
from experiment.run import Run


@dataclasses.dataclass(frozen=True)
class Config:
    seed: int = 3


def test_an_interrupted_run_resumes_without_repeating_finished_stages(tmp_path):
    calls = []

    def stage():
        calls.append(1)
        return {"value": 7}

    with pytest.raises(KeyboardInterrupt), Run.open(tmp_path / "r", Config()) as run:
        assert run.once("first", stage) == {"value": 7}
        raise KeyboardInterrupt
    with Run.open(tmp_path / "r", Config(), resume=True) as run:
        assert run.once("first", stage) == {"value": 7}
        run.finish()
    assert len(calls) == 1
    assert Run(tmp_path / "r").done


def test_an_existing_run_is_refused_by_name(tmp_path):
    with Run.open(tmp_path / "r", Config()):
        pass
    with pytest.raises(UsageError, match="--resume"), Run.open(tmp_path / "r", Config()):
        pass


def test_another_configuration_cannot_resume(tmp_path):
    with Run.open(tmp_path / "r", Config(1)):
        pass
    with pytest.raises(UsageError, match="seed: 1 then, 2 now"):
        Run.open(tmp_path / "r", Config(2), resume=True).__enter__()


def test_force_starts_afresh(tmp_path):
    with Run.open(tmp_path / "r", Config(1)) as run:
        run.once("first", lambda: 1)
    with Run.open(tmp_path / "r", Config(2), force=True) as run:
        assert run.once("first", lambda: 2) == 2
    assert read_json(tmp_path / "r" / "config.json") == {"seed": 2}


def _try(folder, answer):
    try:
        with Run.open(folder, Config(), resume=True):
            answer.put("opened")
    except UsageError as error:
        answer.put(str(error))


def test_two_processes_cannot_hold_one_run(tmp_path):
    context = multiprocessing.get_context("spawn")
    answer = context.Queue()
    with Run.open(tmp_path / "r", Config()):
        other = context.Process(target=_try, args=(tmp_path / "r", answer))
        other.start()
        assert "in use by another process" in answer.get(timeout=60)
        other.join()


def test_metrics_widen_and_environment_is_recorded(tmp_path):
    import pandas as pd

    with Run.open(tmp_path / "r") as run:
        run.metrics([{"step": 1, "loss": 0.5}])
        run.metrics([{"step": 2, "eer": 0.25}])
    table = pd.read_csv(tmp_path / "r" / "metrics.csv")
    assert table["step"].tolist() == [1, 2]
    assert table["eer"].tolist()[1] == 0.25
    assert "numpy" in read_json(tmp_path / "r" / "environment.json")["packages"]


def test_going_on_renews_the_environment_and_keeps_the_old_one(tmp_path):
    with Run.open(tmp_path / "r", Config()):
        pass
    before = read_json(tmp_path / "r" / "environment.json")
    write_json(tmp_path / "r" / "environment.json", {**before, "processor": "another"})
    with Run.open(tmp_path / "r", Config(), resume=True):
        pass
    assert read_json(tmp_path / "r" / "environment.json")["processor"] == before["processor"]
    [line] = (tmp_path / "r" / "log.jsonl").read_text().splitlines()
    assert json.loads(line)["before"]["processor"] == "another"


def test_the_result_of_a_stage_is_read_and_never_made_up(tmp_path):
    with Run.open(tmp_path / "r", Config()) as run:
        with pytest.raises(DataError, match="stage first has not finished"):
            run.result("first")
        assert not (tmp_path / "r" / "stages").exists()
        run.once("first", lambda: 3)
        assert run.result("first") == 3
