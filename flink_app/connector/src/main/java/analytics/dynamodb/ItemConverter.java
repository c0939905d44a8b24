package analytics.dynamodb;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.connector.base.sink.writer.ElementConverter;
import org.apache.flink.connector.dynamodb.sink.DynamoDbWriteRequest;
import org.apache.flink.connector.dynamodb.sink.DynamoDbWriteRequestType;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.types.RowKind;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Makes a DynamoDB item of a row: strings as S, numbers as N in full precision, booleans as BOOL, times as S in ISO
 * 8601 (UTC, milliseconds). NULL is left out.
 */
final class ItemConverter implements ElementConverter<RowData, DynamoDbWriteRequest> {

    private static final long serialVersionUID = 1L;
    private static final DateTimeFormatter ISO = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'");

    private final String[] names;
    private final LogicalType[] types;
    private transient RowData.FieldGetter[] getters;

    ItemConverter(RowType row) {
        names = row.getFieldNames().toArray(new String[0]);
        types = row.getChildren().toArray(new LogicalType[0]);
        for (int i = 0; i < types.length; i++) {
            check(names[i], types[i]);
        }
    }

    @Override
    public DynamoDbWriteRequest apply(RowData row, SinkWriter.Context context) {
        Map<String, AttributeValue> item = new HashMap<>();
        for (int i = 0; i < names.length; i++) {
            Object value = getter(i).getFieldOrNull(row);
            if (value != null) {
                item.put(names[i], attribute(types[i], value));
            }
        }
        boolean delete = row.getRowKind() == RowKind.DELETE || row.getRowKind() == RowKind.UPDATE_BEFORE;
        return DynamoDbWriteRequest.builder()
                .setType(delete ? DynamoDbWriteRequestType.DELETE : DynamoDbWriteRequestType.PUT)
                .setItem(item)
                .build();
    }

    private RowData.FieldGetter getter(int i) {
        if (getters == null) {
            getters = new RowData.FieldGetter[types.length];
            for (int j = 0; j < types.length; j++) {
                getters[j] = RowData.createFieldGetter(types[j], j);
            }
        }
        return getters[i];
    }

    private static AttributeValue attribute(LogicalType type, Object value) {
        switch (type.getTypeRoot()) {
            case BOOLEAN:
                return AttributeValue.builder().bool((Boolean) value).build();
            case TINYINT:
            case SMALLINT:
            case INTEGER:
            case BIGINT:
            case FLOAT:
            case DOUBLE:
                return AttributeValue.builder().n(value.toString()).build();
            case DECIMAL:
                return AttributeValue.builder()
                        .n(((DecimalData) value).toBigDecimal().toPlainString())
                        .build();
            case TIMESTAMP_WITHOUT_TIME_ZONE:
            case TIMESTAMP_WITH_LOCAL_TIME_ZONE:
                return AttributeValue.builder()
                        .s(ISO.format(((TimestampData) value).toInstant().atOffset(ZoneOffset.UTC)))
                        .build();
            default:
                return AttributeValue.builder().s(value.toString()).build();
        }
    }

    private static void check(String name, LogicalType type) {
        switch (type.getTypeRoot()) {
            case CHAR:
            case VARCHAR:
            case BOOLEAN:
            case TINYINT:
            case SMALLINT:
            case INTEGER:
            case BIGINT:
            case FLOAT:
            case DOUBLE:
            case DECIMAL:
            case TIMESTAMP_WITHOUT_TIME_ZONE:
            case TIMESTAMP_WITH_LOCAL_TIME_ZONE:
                return;
            default:
                throw new ValidationException(
                        String.format(
                                "column \"%s\": %s cannot be written to DynamoDB; expected one of %s",
                                name,
                                type.asSummaryString(),
                                List.of("STRING", "BOOLEAN", "an integer", "DOUBLE", "DECIMAL", "TIMESTAMP")));
        }
    }
}
