package analytics.dynamodb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemResponse;

@Timeout(60)
class PromptClientTest {

    private final CompletableFuture<BatchWriteItemResponse> answer = new CompletableFuture<>();
    private final AtomicInteger released = new AtomicInteger();
    private final PromptClient client = new PromptClient(new Answering(answer), released::incrementAndGet);

    @Test
    void closesAtOnceWhenNothingIsUnderWay() {
        client.close();

        assertEquals(1, released.get());
    }

    @Test
    void waitsForTheAnswerThatIsDueAlsoWhenItsTaskIsInterrupted() throws InterruptedException {
        client.batchWriteItem(BatchWriteItemRequest.builder().build());
        Thread closing = new Thread(client::close);
        closing.start();
        while (closing.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        closing.interrupt();
        while (closing.isInterrupted() || closing.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        assertEquals(0, released.get());

        answer.complete(BatchWriteItemResponse.builder().build());
        closing.join();

        assertEquals(1, released.get());
    }

    @Test
    void closesAfterAWriteThatFailed() {
        client.batchWriteItem(BatchWriteItemRequest.builder().build());
        answer.completeExceptionally(new IllegalStateException("the connection is gone"));

        client.close();

        assertEquals(1, released.get());
    }

    @Test
    void leavesTheInterruptForItsCaller() throws InterruptedException {
        client.batchWriteItem(BatchWriteItemRequest.builder().build());
        Thread.currentThread().interrupt();
        CompletableFuture.runAsync(() -> answer.complete(BatchWriteItemResponse.builder().build()));

        client.close();

        assertTrue(Thread.interrupted());
        assertFalse(Thread.currentThread().isInterrupted());
    }

    private static final class Answering implements DynamoDbAsyncClient {

        private final CompletableFuture<BatchWriteItemResponse> answer;

        Answering(CompletableFuture<BatchWriteItemResponse> answer) {
            this.answer = answer;
        }

        @Override
        public CompletableFuture<BatchWriteItemResponse> batchWriteItem(BatchWriteItemRequest request) {
            return answer;
        }

        @Override
        public String serviceName() {
            return "dynamodb";
        }

        @Override
        public void close() {}
    }
}
