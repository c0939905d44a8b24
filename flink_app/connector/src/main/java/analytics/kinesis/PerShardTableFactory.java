package analytics.kinesis;

import java.time.Duration;
import java.util.HashSet;
import java.util.Properties;
import java.util.Set;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.connector.kinesis.table.KinesisConnectorOptions;
import org.apache.flink.streaming.connectors.kinesis.config.ConsumerConfigConstants;
import org.apache.flink.streaming.connectors.kinesis.table.KinesisConnectorOptionsUtil;
import org.apache.flink.streaming.connectors.kinesis.table.KinesisDynamicTableFactory;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.catalog.ResolvedCatalogTable;
import org.apache.flink.table.connector.format.DecodingFormat;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.factories.DeserializationFormatFactory;
import org.apache.flink.table.factories.DynamicTableSourceFactory;
import org.apache.flink.table.factories.FactoryUtil;

/**
 * The SQL connector {@code kinesis-per-shard}: AWS's {@code kinesis} source with a watermark for each shard.
 *
 * <p>AWS's table source makes watermarks after it has merged its shards, so a backlog on several shards loses most of
 * its rows as late. Options are those of {@code kinesis} but {@code
 * scan.shard-assigner}, and these two, both in milliseconds:
 *
 * <ul>
 *   <li>{@code scan.shard.idle.interval} (default 1000): a shard without a record for this long no longer holds the
 *       watermark back. It must be above 0: a value below switches alignment off, and rows would be lost silently.
 *   <li>{@code scan.shard.startup.hold} (default: the idle interval, at least 1000): no watermark for this long after
 *       a shard is taken up, so that the first shard to answer does not make the others late.
 * </ul>
 *
 * <p>Metadata columns: {@code timestamp} (arrival at Kinesis), {@code shard-id}, {@code sequence-number}, {@code
 * watermark} (the source's watermark when the row was read; NULL before the first).
 */
public final class PerShardTableFactory implements DynamicTableSourceFactory {

    static final String IDENTIFIER = "kinesis-per-shard";
    static final long LEAST_HOLD_MILLIS = 1000L;

    static final ConfigOption<Long> IDLE_INTERVAL =
            ConfigOptions.key("scan.shard.idle.interval").longType().defaultValue(1000L);
    static final ConfigOption<Long> STARTUP_HOLD =
            ConfigOptions.key("scan.shard.startup.hold").longType().noDefaultValue();

    private final KinesisDynamicTableFactory kinesis = new KinesisDynamicTableFactory();

    @Override
    public String factoryIdentifier() {
        return IDENTIFIER;
    }

    @Override
    public Set<ConfigOption<?>> requiredOptions() {
        return kinesis.requiredOptions();
    }

    @Override
    public Set<ConfigOption<?>> optionalOptions() {
        Set<ConfigOption<?>> options = new HashSet<>(kinesis.optionalOptions());
        options.remove(KinesisConnectorOptions.SHARD_ASSIGNER); // always uniform
        options.add(IDLE_INTERVAL);
        options.add(STARTUP_HOLD);
        return options;
    }

    @Override
    public DynamicTableSource createDynamicTableSource(Context context) {
        FactoryUtil.TableFactoryHelper helper = FactoryUtil.createTableFactoryHelper(this, context);
        ReadableConfig options = helper.getOptions();
        ResolvedCatalogTable table = context.getCatalogTable();
        KinesisConnectorOptionsUtil util = new KinesisConnectorOptionsUtil(table.getOptions(), options);
        DecodingFormat<DeserializationSchema<RowData>> format =
                helper.discoverDecodingFormat(DeserializationFormatFactory.class, FactoryUtil.FORMAT);
        helper.validateExcept(util.getNonValidatedPrefixes().toArray(new String[0]));

        Duration idle = idleInterval(options, context.getObjectIdentifier().asSummaryString());
        Properties properties = util.getValidatedSourceConfigurations();
        properties.setProperty(ConsumerConfigConstants.SHARD_IDLE_INTERVAL_MILLIS, Long.toString(idle.toMillis()));
        return new PerShardTableSource(
                table.getResolvedSchema().toPhysicalRowDataType(),
                options.get(KinesisConnectorOptions.STREAM),
                properties,
                format,
                startupHold(options, idle));
    }

    static Duration idleInterval(ReadableConfig options, String table) {
        long millis = options.get(IDLE_INTERVAL);
        if (millis <= 0) {
            throw new ValidationException(
                    String.format(
                            "%s: '%s' is %d, but must be above 0 milliseconds: without it one shard makes the rows of"
                                    + " the others late, and they are lost. Leave it out for the default of %d.",
                            table, IDLE_INTERVAL.key(), millis, IDLE_INTERVAL.defaultValue()));
        }
        return Duration.ofMillis(millis);
    }

    static Duration startupHold(ReadableConfig options, Duration idle) {
        long atLeast = Math.max(LEAST_HOLD_MILLIS, idle.toMillis());
        return Duration.ofMillis(options.getOptional(STARTUP_HOLD).orElse(atLeast));
    }
}
