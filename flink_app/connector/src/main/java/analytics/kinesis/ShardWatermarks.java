package analytics.kinesis;

import java.io.IOException;
import java.io.ObjectInputStream;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkGeneratorSupplier;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.table.data.RowData;

/**
 * The table's WATERMARK clause, run for one shard.
 *
 * <p>The consumer clones this object for each shard by serialization, and takes the least of the shards' watermarks.
 * It ignores a shard of which it has no record yet, so the first to answer would make the others late: hence the hold,
 * during which every clone says "no watermark yet".
 */
@SuppressWarnings("deprecation") // the consumer of this generation knows only this interface
final class ShardWatermarks
        implements org.apache.flink.streaming.api.functions.AssignerWithPeriodicWatermarks<RowData> {

    private static final long serialVersionUID = 1L;

    private final WatermarkStrategy<RowData> strategy;
    private final long holdMillis;

    private transient WatermarkGenerator<RowData> generator;
    private transient Highest highest;
    private transient long heldUntilNanos;

    ShardWatermarks(WatermarkStrategy<RowData> strategy, long holdMillis) {
        this.strategy = strategy;
        this.holdMillis = holdMillis;
        takeUp();
    }

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
        in.defaultReadObject();
        takeUp();
    }

    private void takeUp() {
        heldUntilNanos = System.nanoTime() + holdMillis * 1_000_000L;
        highest = new Highest();
    }

    @Override
    public long extractTimestamp(RowData row, long previousMillis) {
        if (row == null) {
            return previousMillis;
        }
        if (generator == null) {
            generator = strategy.createWatermarkGenerator(new Unregistered());
        }
        generator.onEvent(row, previousMillis, highest);
        generator.onPeriodicEmit(highest);
        // SQL takes times from the row's columns; this one is only the consumer's own.
        return previousMillis;
    }

    @Override
    public Watermark getCurrentWatermark() {
        boolean held = System.nanoTime() - heldUntilNanos < 0;
        return new Watermark(held ? Long.MIN_VALUE : highest.millis);
    }

    /** Remembers the highest watermark; idleness is the consumer's affair (scan.shard.idle.interval). */
    private static final class Highest implements WatermarkOutput {
        private long millis = Long.MIN_VALUE;

        @Override
        public void emitWatermark(org.apache.flink.api.common.eventtime.Watermark watermark) {
            millis = Math.max(millis, watermark.getTimestamp());
        }

        @Override
        public void markIdle() {}

        @Override
        public void markActive() {}
    }

    private static final class Unregistered implements WatermarkGeneratorSupplier.Context {
        @Override
        public MetricGroup getMetricGroup() {
            return new UnregisteredMetricsGroup();
        }
    }
}
