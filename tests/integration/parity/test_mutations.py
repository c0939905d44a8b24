"""Wrong lowerings of every kind are caught, each by the model of its construct."""

from __future__ import annotations

import pytest

from pipeline.lower.batch import lower_batch
from pipeline.parity.report import details, headline
from pipeline.parity.run import verdict
from pipeline.parity.save import failing_cases
from pipeline.testing.cases import load_case
from pipeline.testing.engines.duckdb import DuckDbEngine
from pipeline.testing.on_duckdb import run_on_duckdb
from pipeline.testing.outcomes import judge
from pipeline.testing.suites import target_of
from tests.integration.parity.mutations import MUTATIONS, Mutation
from tests.integration.parity.support import Proof

pytestmark = [pytest.mark.engines, pytest.mark.timeout(900)]


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.name)
def test_a_wrong_lowering_is_caught(mutation: Mutation, proof: Proof, duckdb: DuckDbEngine) -> None:
    changed, caught = [], []
    for name in mutation.models:
        subject = proof.subjects[name]
        contracts = proof.compilation.contracts
        wrong = mutation.lower(subject.model, contracts, "duckdb")
        if wrong != lower_batch(subject.model, contracts, "duckdb"):
            changed.append(name)
            # What is wrong before the mutation would not be its doing.
            right = verdict(subject, contracts, duckdb, "duckdb")
            assert right.equal, "\n".join([headline(right), *details(right)])
            found = verdict(subject, contracts, duckdb, "duckdb", lower=mutation.lower)
            if found.differing:
                caught.append(name)
    assert changed, "the mutation changes no query: it does not fit the lowering any more"
    assert caught, f"{', '.join(changed)} did not notice that {mutation.name}"


def test_input_on_which_an_engine_differs_is_kept_as_a_case_that_the_right_lowering_passes(
    proof: Proof, duckdb: DuckDbEngine
) -> None:
    mutation = next(item for item in MUTATIONS if item.name == "the last copy of an event counts")
    subject = proof.subjects["tumble_strict"]
    contracts = proof.compilation.contracts
    found = verdict(subject, contracts, duckdb, "duckdb", lower=mutation.lower)
    ((path, text),) = failing_cases(subject, found)
    assert path.startswith("sql/metrics/tumble_strict/tests/flink_and_duckdb_agree_on_")
    case, mistakes = load_case(path, text, target_of(subject.model), contracts)
    assert mistakes == []
    assert case is not None
    (outcome,) = run_on_duckdb(subject.model, (case,), contracts)
    assert judge(outcome, subject.model.key) == []
