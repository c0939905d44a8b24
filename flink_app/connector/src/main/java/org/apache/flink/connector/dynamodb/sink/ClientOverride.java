package org.apache.flink.connector.dynamodb.sink;

import org.apache.flink.connector.dynamodb.sink.client.SdkClientProvider;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/** Gives AWS's sink another client; its setter is open to its own package only, hence this one's package. */
public final class ClientOverride {

    private ClientOverride() {}

    /** The sink's next writer uses the client of {@code provider}, and closes it. */
    public static void set(DynamoDbSink<?> sink, SdkClientProvider<DynamoDbAsyncClient> provider) {
        sink.setDynamoDbAsyncClientProvider(provider);
    }
}
