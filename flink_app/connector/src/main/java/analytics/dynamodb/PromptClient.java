package analytics.dynamodb;

import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.connector.aws.config.AWSConfigConstants;
import org.apache.flink.connector.aws.util.AWSClientUtil;
import org.apache.flink.connector.aws.util.AWSGeneralUtil;
import org.apache.flink.connector.dynamodb.sink.DynamoDbConfigConstants;
import org.apache.flink.connector.dynamodb.sink.client.SdkClientProvider;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.SdkEventLoopGroup;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemResponse;

/**
 * The sink's client; it closes as soon as its last request is answered.
 *
 * <p>AWS's own leaves its event loop to the SDK, which closes it only after two seconds without work
 * (NettyNioAsyncHttpClient.closeEventLoopUninterruptibly), and a job that is replaced cannot end before. Nor does that
 * pause promise that a write which is still on its way has landed; here each one is waited for.
 */
final class PromptClient implements DynamoDbAsyncClient, SdkClientProvider<DynamoDbAsyncClient> {

    static final long ANSWERED_WITHIN_MS = 10_000;
    private static final long CLOSED_WITHIN_MS = 2_000;
    private static final Logger LOG = LoggerFactory.getLogger(PromptClient.class);

    private final DynamoDbAsyncClient client;
    private final Runnable release;
    private final Set<CompletableFuture<BatchWriteItemResponse>> unanswered = ConcurrentHashMap.newKeySet();

    PromptClient(DynamoDbAsyncClient client, Runnable release) {
        this.client = client;
        this.release = release;
    }

    /** The client that {@code properties} ask for: the connector's {@code aws.*} options. */
    static PromptClient of(Properties properties) {
        Properties options = new Properties();
        options.putAll(properties);
        // As AWS's sink: DynamoDB speaks no HTTP/2.
        options.putIfAbsent(AWSConfigConstants.HTTP_PROTOCOL_VERSION, "HTTP1_1");
        // A sink has one request under way at a time.
        SdkEventLoopGroup loop = SdkEventLoopGroup.builder().numberOfThreads(1).build();
        SdkAsyncHttpClient http =
                AWSGeneralUtil.createAsyncHttpClient(
                        options, NettyNioAsyncHttpClient.builder().eventLoopGroup(loop));
        AWSGeneralUtil.validateAwsCredentials(options);
        DynamoDbAsyncClient client =
                AWSClientUtil.createAwsAsyncClient(
                        options,
                        http,
                        DynamoDbAsyncClient.builder(),
                        DynamoDbConfigConstants.BASE_DYNAMODB_USER_AGENT_PREFIX_FORMAT,
                        DynamoDbConfigConstants.DYNAMODB_CLIENT_USER_AGENT_PREFIX);
        return new PromptClient(
                client,
                () -> {
                    http.close();
                    loop.eventLoopGroup().shutdownGracefully(0, CLOSED_WITHIN_MS, TimeUnit.MILLISECONDS);
                });
    }

    @Override
    public DynamoDbAsyncClient getClient() {
        return this;
    }

    @Override
    public CompletableFuture<BatchWriteItemResponse> batchWriteItem(BatchWriteItemRequest request) {
        CompletableFuture<BatchWriteItemResponse> answer = client.batchWriteItem(request);
        unanswered.add(answer);
        answer.whenComplete((response, failure) -> unanswered.remove(answer));
        return answer;
    }

    @Override
    public String serviceName() {
        return client.serviceName();
    }

    /** Waits for the answers that are due, also while the task is being interrupted: what is sent may be written. */
    @Override
    public void close() {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ANSWERED_WITHIN_MS);
        boolean interrupted = false;
        for (CompletableFuture<?> answer : unanswered.toArray(new CompletableFuture<?>[0])) {
            while (!answer.isDone() && System.nanoTime() < deadline) {
                try {
                    answer.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException again) {
                    interrupted = true;
                } catch (ExecutionException failed) {
                    LOG.info("The last write before the end failed; what it held is read again.", failed);
                } catch (TimeoutException late) {
                    LOG.warn("A write was not answered within {} ms and may still land.", ANSWERED_WITHIN_MS);
                }
            }
        }
        client.close();
        release.run();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
