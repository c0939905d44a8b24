package analytics.dynamodb;

import java.util.Properties;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.connector.base.table.AsyncDynamicTableSinkFactory;
import org.apache.flink.connector.base.table.AsyncSinkConnectorOptions;
import org.apache.flink.connector.dynamodb.sink.DynamoDbSinkBuilder;
import org.apache.flink.connector.dynamodb.table.DynamoDbConfiguration;
import org.apache.flink.connector.dynamodb.table.DynamoDbDynamicSinkFactory;
import org.apache.flink.table.catalog.ResolvedCatalogTable;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.types.logical.RowType;

/**
 * The SQL connector {@code dynamodb-rows}: AWS's {@code dynamodb} sink, for rows that hold NULL.
 *
 * <p>AWS's own fails with a NullPointerException on a NULL string, and its retries would then stop every model of the
 * job. Options are the same; PARTITIONED BY names the table's keys.
 */
public final class RowsTableFactory extends AsyncDynamicTableSinkFactory {

    private final DynamoDbDynamicSinkFactory dynamodb = new DynamoDbDynamicSinkFactory();

    @Override
    public String factoryIdentifier() {
        return "dynamodb-rows";
    }

    @Override
    public Set<ConfigOption<?>> requiredOptions() {
        return dynamodb.requiredOptions();
    }

    @Override
    public Set<ConfigOption<?>> optionalOptions() {
        return dynamodb.optionalOptions();
    }

    @Override
    public DynamicTableSink createDynamicTableSink(Context context) {
        FactoryUtil.TableFactoryHelper helper = FactoryUtil.createTableFactoryHelper(this, context);
        FactoryUtil.validateFactoryOptions(this, helper.getOptions());
        ResolvedCatalogTable table = context.getCatalogTable();
        DynamoDbConfiguration configuration = new DynamoDbConfiguration(table.getOptions(), helper.getOptions());

        RowType row = (RowType) table.getResolvedSchema().toPhysicalRowDataType().getLogicalType();
        DynamoDbSinkBuilder<RowData> builder =
                new DynamoDbSinkBuilder<RowData>()
                        .setTableName(configuration.getTableName())
                        .setFailOnError(configuration.getFailOnError())
                        .setDynamoDbProperties(configuration.getSinkClientProperties())
                        .setOverwriteByPartitionKeys(table.getPartitionKeys())
                        .setElementConverter(new ItemConverter(row));
        Properties async = configuration.getAsyncSinkProperties();
        setIfPresent(async, AsyncSinkConnectorOptions.MAX_BATCH_SIZE, Integer.class, builder::setMaxBatchSize);
        setIfPresent(
                async, AsyncSinkConnectorOptions.MAX_IN_FLIGHT_REQUESTS, Integer.class, builder::setMaxInFlightRequests);
        setIfPresent(
                async, AsyncSinkConnectorOptions.MAX_BUFFERED_REQUESTS, Integer.class, builder::setMaxBufferedRequests);
        setIfPresent(async, AsyncSinkConnectorOptions.FLUSH_BUFFER_SIZE, Long.class, builder::setMaxBatchSizeInBytes);
        setIfPresent(async, AsyncSinkConnectorOptions.FLUSH_BUFFER_TIMEOUT, Long.class, builder::setMaxTimeInBufferMS);
        return new RowsTableSink(new RowsSink(builder.build(), configuration.getSinkClientProperties()));
    }

    private static <T> void setIfPresent(
            Properties properties,
            ConfigOption<?> option,
            Class<T> type,
            java.util.function.Consumer<? super T> setter) {
        Object value = properties.get(option.key());
        if (value != null) {
            setter.accept(type.cast(value));
        }
    }
}
