package analytics.kinesis;

import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.types.DataType;

/** What a row can say about how it came, beside what it carries. */
enum RowMetadata {
    ARRIVAL("timestamp", DataTypes.TIMESTAMP_WITH_LOCAL_TIME_ZONE(3)),
    SHARD("shard-id", DataTypes.VARCHAR(128)),
    SEQUENCE("sequence-number", DataTypes.VARCHAR(128)),
    WATERMARK("watermark", DataTypes.TIMESTAMP_WITH_LOCAL_TIME_ZONE(3));

    final String key;
    final DataType type;

    RowMetadata(String key, DataType type) {
        this.key = key;
        this.type = type;
    }

    static RowMetadata of(String key) {
        for (RowMetadata each : values()) {
            if (each.key.equals(key)) {
                return each;
            }
        }
        throw new IllegalArgumentException("unknown metadata column: " + key);
    }
}
