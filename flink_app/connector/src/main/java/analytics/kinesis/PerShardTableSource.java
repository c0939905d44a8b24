package analytics.kinesis;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.format.DecodingFormat;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.connector.source.ScanTableSource;
import org.apache.flink.table.connector.source.abilities.SupportsReadingMetadata;
import org.apache.flink.table.connector.source.abilities.SupportsWatermarkPushDown;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.DataType;

/** The planner's view of a stream: what can be read of it, and that it makes its watermarks itself. */
final class PerShardTableSource implements ScanTableSource, SupportsReadingMetadata, SupportsWatermarkPushDown {

    private final DataType physicalType;
    private final String stream;
    private final Properties properties;
    private final DecodingFormat<DeserializationSchema<RowData>> format;
    private final Duration startupHold;

    private DataType producedType;
    private List<RowMetadata> metadata;
    private WatermarkStrategy<RowData> watermarks;

    PerShardTableSource(
            DataType physicalType,
            String stream,
            Properties properties,
            DecodingFormat<DeserializationSchema<RowData>> format,
            Duration startupHold) {
        this.physicalType = physicalType;
        this.stream = stream;
        this.properties = properties;
        this.format = format;
        this.startupHold = startupHold;
        this.producedType = physicalType;
        this.metadata = List.of();
    }

    @Override
    public ChangelogMode getChangelogMode() {
        return format.getChangelogMode();
    }

    /** SourceFunctionProvider is deprecated, but the consumer of this generation is a SourceFunction. */
    @Override
    @SuppressWarnings("deprecation")
    public ScanRuntimeProvider getScanRuntimeProvider(ScanContext context) {
        RowDeserializer deserializer =
                new RowDeserializer(
                        format.createRuntimeDecoder(context, physicalType),
                        context.createTypeInformation(producedType),
                        metadata);
        WatermarkedConsumer consumer =
                new WatermarkedConsumer(stream, deserializer, properties, deserializer.watermarkPosition());
        if (watermarks != null) {
            consumer.setPeriodicWatermarkAssigner(new ShardWatermarks(watermarks, startupHold.toMillis()));
        }
        return org.apache.flink.table.connector.source.SourceFunctionProvider.of(consumer, false);
    }

    @Override
    public Map<String, DataType> listReadableMetadata() {
        Map<String, DataType> types = new LinkedHashMap<>();
        for (RowMetadata each : RowMetadata.values()) {
            types.put(each.key, each.type);
        }
        return types;
    }

    @Override
    public void applyReadableMetadata(List<String> keys, DataType type) {
        metadata = keys.stream().map(RowMetadata::of).collect(Collectors.toUnmodifiableList());
        producedType = type;
    }

    @Override
    public void applyWatermark(WatermarkStrategy<RowData> strategy) {
        watermarks = strategy;
    }

    @Override
    public DynamicTableSource copy() {
        PerShardTableSource copy = new PerShardTableSource(physicalType, stream, properties, format, startupHold);
        copy.producedType = producedType;
        copy.metadata = metadata;
        copy.watermarks = watermarks;
        return copy;
    }

    @Override
    public String asSummaryString() {
        return "Kinesis, watermarks per shard";
    }
}
