package analytics.dynamodb;

import java.util.Map;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.connector.sink.SinkV2Provider;
import org.apache.flink.table.connector.sink.abilities.SupportsPartitioning;
import org.apache.flink.table.data.RowData;

/** The planner's view of a DynamoDB table: it takes upserts and deletes by key. */
final class RowsTableSink implements DynamicTableSink, SupportsPartitioning {

    private final RowsSink sink;

    RowsTableSink(RowsSink sink) {
        this.sink = sink;
    }

    @Override
    public ChangelogMode getChangelogMode(ChangelogMode requested) {
        return ChangelogMode.upsert();
    }

    @Override
    public SinkRuntimeProvider getSinkRuntimeProvider(Context context) {
        return SinkV2Provider.of(sink);
    }

    /** PARTITIONED BY only names the keys; nothing is partitioned. */
    @Override
    public void applyStaticPartition(Map<String, String> partition) {}

    @Override
    public DynamicTableSink copy() {
        return new RowsTableSink(sink);
    }

    @Override
    public String asSummaryString() {
        return "DynamoDB rows";
    }
}
