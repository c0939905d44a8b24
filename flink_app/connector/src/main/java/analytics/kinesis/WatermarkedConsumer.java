package analytics.kinesis;

import java.util.Properties;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.connectors.kinesis.FlinkKinesisConsumer;
import org.apache.flink.streaming.connectors.kinesis.util.UniformShardAssigner;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.TimestampData;

/**
 * The Kinesis consumer, telling each row the watermark at which it was read.
 *
 * <p>CURRENT_WATERMARK cannot say it: with mini-batches by processing time, Flink puts a node behind the source that
 * replaces its watermarks by the wall clock.
 */
@SuppressWarnings("deprecation") // the consumer of this generation is a SourceFunction
final class WatermarkedConsumer extends FlinkKinesisConsumer<RowData> {

    private static final long serialVersionUID = 1L;

    private final int watermarkPosition;

    WatermarkedConsumer(String stream, RowDeserializer deserializer, Properties properties, int watermarkPosition) {
        super(stream, deserializer, properties);
        this.watermarkPosition = watermarkPosition;
        setShardAssigner(new UniformShardAssigner());
    }

    @Override
    public void run(SourceContext<RowData> context) throws Exception {
        super.run(watermarkPosition < 0 ? context : new Stamping(context, watermarkPosition));
    }

    /** Writes the last watermark into each row on its way out. */
    static final class Stamping implements SourceContext<RowData> {
        private final SourceContext<RowData> context;
        private final int position;
        private volatile TimestampData watermark;

        Stamping(SourceContext<RowData> context, int position) {
            this.context = context;
            this.position = position;
        }

        private RowData stamped(RowData row) {
            ((StreamRow) row).stamp(position, watermark);
            return row;
        }

        @Override
        public void collect(RowData row) {
            context.collect(stamped(row));
        }

        @Override
        public void collectWithTimestamp(RowData row, long millis) {
            context.collectWithTimestamp(stamped(row), millis);
        }

        @Override
        public void emitWatermark(Watermark mark) {
            if (mark.getTimestamp() > Long.MIN_VALUE) {
                watermark = TimestampData.fromEpochMillis(mark.getTimestamp());
            }
            context.emitWatermark(mark);
        }

        @Override
        public void markAsTemporarilyIdle() {
            context.markAsTemporarilyIdle();
        }

        @Override
        public Object getCheckpointLock() {
            return context.getCheckpointLock();
        }

        @Override
        public void close() {
            context.close();
        }
    }
}
