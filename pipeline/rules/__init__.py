"""Every rule, one a file, in the order in which they are listed to an author."""

from pipeline.rules.aggregate_without_cast import AggregateWithoutCast
from pipeline.rules.cannot_be_live import CannotBeLive
from pipeline.rules.cast_may_fail import CastMayFail
from pipeline.rules.divisor_may_be_zero import DivisorMayBeZero
from pipeline.rules.duplicate_output import DuplicateOutput
from pipeline.rules.fraction_lost import FractionLost
from pipeline.rules.group_without_window import GroupWithoutWindow
from pipeline.rules.interval_digits import IntervalDigits
from pipeline.rules.key_incomplete import KeyIncomplete
from pipeline.rules.match_without_within import MatchWithoutWithin
from pipeline.rules.misplaced_aggregate import MisplacedAggregate
from pipeline.rules.money_not_decimal import MoneyNotDecimal
from pipeline.rules.not_a_time_column import NotATimeColumn
from pipeline.rules.not_repeatable import NotRepeatable
from pipeline.rules.over_frame import OverFrame
from pipeline.rules.pattern_shape import PatternShape
from pipeline.rules.reserved_alias import ReservedAlias
from pipeline.rules.rows_told_apart import RowsToldApart
from pipeline.rules.rule import Rule
from pipeline.rules.subquery_as_value import SubqueryAsValue
from pipeline.rules.table_additions import TableAdditions
from pipeline.rules.unbounded_join import UnboundedJoin
from pipeline.rules.ungrouped_column import UngroupedColumn
from pipeline.rules.union_branches import UnionBranches
from pipeline.rules.window_arguments import WindowArguments
from pipeline.rules.window_end_missing import WindowEndMissing
from pipeline.rules.window_in_sets import WindowInSets
from pipeline.rules.window_offset import WindowOffset
from pipeline.rules.window_start_twice import WindowStartTwice

RULES: tuple[type[Rule], ...] = (
    WindowEndMissing,
    WindowInSets,
    GroupWithoutWindow,
    UngroupedColumn,
    KeyIncomplete,
    MisplacedAggregate,
    NotATimeColumn,
    WindowOffset,
    WindowStartTwice,
    UnionBranches,
    UnboundedJoin,
    MatchWithoutWithin,
    AggregateWithoutCast,
    MoneyNotDecimal,
    FractionLost,
    DivisorMayBeZero,
    CastMayFail,
    NotRepeatable,
    ReservedAlias,
    DuplicateOutput,
    WindowArguments,
    IntervalDigits,
    TableAdditions,
    SubqueryAsValue,
    OverFrame,
    PatternShape,
    RowsToldApart,
    CannotBeLive,
)
