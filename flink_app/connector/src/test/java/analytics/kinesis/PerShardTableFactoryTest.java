package analytics.kinesis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.ValidationException;
import org.junit.jupiter.api.Test;

class PerShardTableFactoryTest {

    private static Configuration options(String key, String value) {
        return Configuration.fromMap(Map.of(key, value));
    }

    @Test
    void anIdleIntervalOfZeroOrLessIsRefusedWithTheReason() {
        for (String millis : new String[] {"0", "-1"}) {
            ValidationException error =
                    assertThrows(
                            ValidationException.class,
                            () ->
                                    PerShardTableFactory.idleInterval(
                                            options("scan.shard.idle.interval", millis), "purchase"));
            assertTrue(error.getMessage().startsWith("purchase: 'scan.shard.idle.interval' is " + millis));
        }
    }

    @Test
    void theIdleIntervalIsOneSecondWhenNotSaid() {
        assertEquals(Duration.ofSeconds(1), PerShardTableFactory.idleInterval(new Configuration(), "purchase"));
    }

    @Test
    void theStartupHoldFollowsTheIdleIntervalButIsAtLeastASecond() {
        Configuration none = new Configuration();
        assertEquals(Duration.ofSeconds(5), PerShardTableFactory.startupHold(none, Duration.ofSeconds(5)));
        assertEquals(Duration.ofSeconds(1), PerShardTableFactory.startupHold(none, Duration.ofMillis(10)));
        assertEquals(
                Duration.ofSeconds(3),
                PerShardTableFactory.startupHold(options("scan.shard.startup.hold", "3000"), Duration.ofSeconds(5)));
    }
}
