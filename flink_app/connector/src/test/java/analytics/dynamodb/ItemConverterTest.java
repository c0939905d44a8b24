package analytics.dynamodb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import java.util.Map;
import org.apache.flink.connector.dynamodb.sink.DynamoDbWriteRequest;
import org.apache.flink.connector.dynamodb.sink.DynamoDbWriteRequestType;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.types.RowKind;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class ItemConverterTest {

    private static RowType row(DataType... types) {
        DataTypes.Field[] fields = new DataTypes.Field[types.length];
        for (int i = 0; i < types.length; i++) {
            fields[i] = DataTypes.FIELD("f" + i, types[i]);
        }
        return (RowType) DataTypes.ROW(fields).getLogicalType();
    }

    private static Map<String, AttributeValue> item(RowType type, Object... values) {
        return new ItemConverter(type).apply(GenericRowData.of(values), null).getItem();
    }

    @Test
    void everyTypeHasItsAttribute() {
        Map<String, AttributeValue> item =
                item(
                        row(
                                DataTypes.STRING(),
                                DataTypes.BIGINT(),
                                DataTypes.DECIMAL(18, 2),
                                DataTypes.BOOLEAN(),
                                DataTypes.TIMESTAMP(3)),
                        StringData.fromString("EUR"),
                        9_007_199_254_740_993L,
                        DecimalData.fromBigDecimal(new BigDecimal("1234567890123456.70"), 18, 2),
                        true,
                        TimestampData.fromEpochMillis(1_700_000_000_005L));
        assertEquals("EUR", item.get("f0").s());
        assertEquals("9007199254740993", item.get("f1").n());
        assertEquals("1234567890123456.70", item.get("f2").n());
        assertEquals(true, item.get("f3").bool());
        assertEquals("2023-11-14T22:13:20.005Z", item.get("f4").s());
    }

    @Test
    void nullIsLeftOut() {
        Map<String, AttributeValue> item =
                item(row(DataTypes.STRING(), DataTypes.DECIMAL(18, 2), DataTypes.BIGINT()), null, null, 1L);
        assertEquals(Map.of("f2", AttributeValue.builder().n("1").build()), item);
    }

    @Test
    void aRetractedRowIsADelete() {
        GenericRowData gone = GenericRowData.ofKind(RowKind.DELETE, StringData.fromString("a"));
        DynamoDbWriteRequest request = new ItemConverter(row(DataTypes.STRING())).apply(gone, null);
        assertEquals(DynamoDbWriteRequestType.DELETE, request.getType());
    }

    @Test
    void aTypeThatDynamoDbCannotHoldIsRefusedByColumn() {
        ValidationException error =
                assertThrows(
                        ValidationException.class,
                        () -> new ItemConverter(row(DataTypes.STRING(), DataTypes.ARRAY(DataTypes.INT()))));
        assertEquals(
                "column \"f1\": ARRAY<INT> cannot be written to DynamoDB; expected one of"
                        + " [STRING, BOOLEAN, an integer, DOUBLE, DECIMAL, TIMESTAMP]",
                error.getMessage());
    }
}
