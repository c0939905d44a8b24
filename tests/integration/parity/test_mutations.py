"""Wrong lowerings of every kind are caught, each by the model of its construct."""

from __future__ import annotations

import pytest

from pipeline.lower.batch import lower_batch
from pipeline.parity.run import verdict
from pipeline.testing.engines.duckdb import DuckDbEngine
from tests.integration.parity.mutations import MUTATIONS, Mutation
from tests.integration.parity.support import Proof

pytestmark = pytest.mark.timeout(900)


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.name)
def test_a_wrong_lowering_is_caught(mutation: Mutation, proof: Proof, duckdb: DuckDbEngine) -> None:
    changed, caught = [], []
    for name in mutation.models:
        subject = proof.subjects[name]
        contracts = proof.compilation.contracts
        wrong = mutation.lower(subject.model, contracts, "duckdb")
        if wrong != lower_batch(subject.model, contracts, "duckdb"):
            changed.append(name)
            found = verdict(subject, contracts, duckdb, "duckdb", lower=mutation.lower)
            if found.error or found.differing:
                caught.append(name)
    assert changed, "the mutation changes no query: it does not fit the lowering any more"
    assert caught, f"{', '.join(changed)} did not notice that {mutation.name}"
