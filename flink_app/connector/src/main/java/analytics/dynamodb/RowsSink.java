package analytics.dynamodb;

import java.io.IOException;
import java.util.Collection;
import java.util.Properties;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.StatefulSink;
import org.apache.flink.connector.base.sink.writer.BufferedRequestState;
import org.apache.flink.connector.dynamodb.sink.ClientOverride;
import org.apache.flink.connector.dynamodb.sink.DynamoDbSink;
import org.apache.flink.connector.dynamodb.sink.DynamoDbWriteRequest;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.table.data.RowData;

/** AWS's sink with a client that closes at once ({@link PromptClient}). */
@SuppressWarnings("deprecation") // AWS's sink is a StatefulSink still
final class RowsSink implements StatefulSink<RowData, BufferedRequestState<DynamoDbWriteRequest>> {

    private static final long serialVersionUID = 1L;

    private final DynamoDbSink<RowData> sink;
    private final Properties client;

    RowsSink(DynamoDbSink<RowData> sink, Properties client) {
        this.sink = sink;
        this.client = client;
    }

    @Override
    public StatefulSinkWriter<RowData, BufferedRequestState<DynamoDbWriteRequest>> createWriter(
            Sink.InitContext context) throws IOException {
        ClientOverride.set(sink, PromptClient.of(client));
        return sink.createWriter(context);
    }

    @Override
    public StatefulSinkWriter<RowData, BufferedRequestState<DynamoDbWriteRequest>> restoreWriter(
            Sink.InitContext context, Collection<BufferedRequestState<DynamoDbWriteRequest>> buffered)
            throws IOException {
        ClientOverride.set(sink, PromptClient.of(client));
        return sink.restoreWriter(context, buffered);
    }

    @Override
    public SimpleVersionedSerializer<BufferedRequestState<DynamoDbWriteRequest>> getWriterStateSerializer() {
        return sink.getWriterStateSerializer();
    }
}
