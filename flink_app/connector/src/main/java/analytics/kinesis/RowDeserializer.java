package analytics.kinesis;

import java.io.IOException;
import java.util.List;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.connectors.kinesis.serialization.KinesisDeserializationSchema;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;

/** Makes a row of a Kinesis record: what the format reads of its bytes, followed by the metadata asked for. */
final class RowDeserializer implements KinesisDeserializationSchema<RowData> {

    private static final long serialVersionUID = 1L;

    private final DeserializationSchema<RowData> format;
    private final TypeInformation<RowData> producedType;
    private final RowMetadata[] metadata;

    RowDeserializer(
            DeserializationSchema<RowData> format, TypeInformation<RowData> producedType, List<RowMetadata> metadata) {
        this.format = format;
        this.producedType = producedType;
        this.metadata = metadata.toArray(new RowMetadata[0]);
    }

    /** Position of the watermark in the metadata part of the row, or -1. */
    int watermarkPosition() {
        return List.of(metadata).indexOf(RowMetadata.WATERMARK);
    }

    @Override
    public void open(DeserializationSchema.InitializationContext context) throws Exception {
        format.open(context);
    }

    /** Returns null for a record that the format cannot read: the consumer then leaves it out. */
    @Override
    public RowData deserialize(
            byte[] bytes, String partitionKey, String sequence, long arrivalMillis, String stream, String shard)
            throws IOException {
        RowData physical = format.deserialize(bytes);
        if (physical == null || metadata.length == 0) {
            return physical;
        }
        GenericRowData extra = new GenericRowData(metadata.length);
        for (int i = 0; i < metadata.length; i++) {
            switch (metadata[i]) {
                case ARRIVAL:
                    extra.setField(i, TimestampData.fromEpochMillis(arrivalMillis));
                    break;
                case SHARD:
                    extra.setField(i, StringData.fromString(shard));
                    break;
                case SEQUENCE:
                    extra.setField(i, StringData.fromString(sequence));
                    break;
                case WATERMARK:
                    // Known only when the row is handed on: WatermarkedConsumer fills it in.
                    extra.setField(i, null);
                    break;
            }
        }
        return new StreamRow(physical, extra);
    }

    @Override
    public TypeInformation<RowData> getProducedType() {
        return producedType;
    }
}
