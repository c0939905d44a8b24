package analytics.kinesis;

import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.data.utils.JoinedRowData;

/** What a record carries, followed by its metadata, of which the watermark is filled in on the way out. */
final class StreamRow extends JoinedRowData {

    private final GenericRowData metadata;

    StreamRow(RowData physical, GenericRowData metadata) {
        super(physical.getRowKind(), physical, metadata);
        this.metadata = metadata;
    }

    void stamp(int position, TimestampData watermark) {
        metadata.setField(position, watermark);
    }
}
