package analytics.kinesis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;

class ShardWatermarksTest {

    private static final long HOUR = 3_600_000L;

    /** Says the row's own time; a row without one says nothing. */
    private static final class RowTime implements WatermarkGenerator<RowData> {
        @Override
        public void onEvent(RowData row, long timestamp, WatermarkOutput output) {
            if (!row.isNullAt(0)) {
                output.emitWatermark(new Watermark(row.getLong(0)));
            }
        }

        @Override
        public void onPeriodicEmit(WatermarkOutput output) {}
    }

    private static ShardWatermarks assigner(long holdMillis) throws Exception {
        WatermarkStrategy<RowData> strategy = context -> new RowTime();
        return InstantiationUtil.clone(new ShardWatermarks(strategy, holdMillis));
    }

    @Test
    void theWatermarkIsTheHighestSeenAndNeverFallsBack() throws Exception {
        ShardWatermarks shard = assigner(0);
        shard.extractTimestamp(GenericRowData.of(1000L), 7L);
        shard.extractTimestamp(GenericRowData.of(400L), 8L);
        assertEquals(1000L, shard.getCurrentWatermark().getTimestamp());
    }

    @Test
    void anUnreadableRecordOrOneWithoutTimeChangesNothing() throws Exception {
        ShardWatermarks shard = assigner(0);
        shard.extractTimestamp(GenericRowData.of(1000L), 7L);
        assertEquals(8L, shard.extractTimestamp(null, 8L));
        shard.extractTimestamp(GenericRowData.of((Object) null), 9L);
        assertEquals(1000L, shard.getCurrentWatermark().getTimestamp());
    }

    @Test
    void aShardJustTakenUpHoldsTheWatermarkBack() throws Exception {
        ShardWatermarks shard = assigner(HOUR);
        shard.extractTimestamp(GenericRowData.of(1000L), 7L);
        assertEquals(Long.MIN_VALUE, shard.getCurrentWatermark().getTimestamp());
    }

    @Test
    void shardsDoNotShareTheirWatermarks() throws Exception {
        ShardWatermarks one = assigner(0);
        ShardWatermarks other = InstantiationUtil.clone(one);
        one.extractTimestamp(GenericRowData.of(1000L), 7L);
        assertEquals(Long.MIN_VALUE, other.getCurrentWatermark().getTimestamp());
    }
}
