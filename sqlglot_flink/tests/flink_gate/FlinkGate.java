import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.apache.calcite.config.Lex;
import org.apache.calcite.sql.SqlDialect;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.dialect.CalciteSqlDialect;
import org.apache.calcite.sql.parser.SqlParseException;
import org.apache.calcite.sql.parser.SqlParser;
import org.apache.calcite.util.Litmus;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ArrayNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.flink.sql.parser.impl.FlinkSqlParserImpl;
import org.apache.flink.sql.parser.validate.FlinkSqlConformance;

/**
 * Answers whether two SQL texts give the same tree in Flink's own parser.
 *
 * <p>One JSON array of [original, regenerated] a line on stdin, one array of verdicts a line on stdout. A pair
 * with null as its second text is only parsed. Configured as Flink's planner configures its parser.
 */
public final class FlinkGate {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final SqlParser.Config CONFIG =
            SqlParser.config()
                    .withLex(Lex.JAVA)
                    .withParserFactory(FlinkSqlParserImpl.FACTORY)
                    .withConformance(FlinkSqlConformance.DEFAULT)
                    .withIdentifierMaxLength(256);
    private static final SqlDialect QUOTED =
            new CalciteSqlDialect(
                    CalciteSqlDialect.DEFAULT_CONTEXT
                            .withIdentifierQuoteString("`"));

    private FlinkGate() {}

    public static void main(String[] arguments) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        System.setOut(System.err);
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            ArrayNode verdicts = JSON.createArrayNode();
            for (JsonNode pair : JSON.readTree(line)) {
                verdicts.add(judge(pair.get(0).asText(), pair.get(1)));
            }
            out.println(JSON.writeValueAsString(verdicts));
            out.flush();
        }
    }

    private static ObjectNode judge(String original, JsonNode regenerated) {
        ObjectNode verdict = JSON.createObjectNode();
        SqlNodeList first = parse(original, verdict, "original_error");
        if (regenerated == null || regenerated.isNull()) {
            if (first != null) {
                verdict.put("original_tree", unparse(first));
            }
            return verdict;
        }
        SqlNodeList second = parse(regenerated.asText(), verdict, "regenerated_error");
        if (first == null || second == null) {
            return verdict;
        }
        String firstText = unparse(first);
        String secondText = unparse(second);
        boolean comparable = deep(first, parse(original, verdict, "original_error"));
        verdict.put("equal", firstText.equals(secondText) && (deep(first, second) || !comparable));
        verdict.put("original_tree", firstText);
        verdict.put("regenerated_tree", secondText);
        return verdict;
    }

    /** Some of Flink's nodes (ROW types, REPLACE TABLE AS) do not even equal themselves; there the text decides. */
    private static boolean deep(SqlNodeList first, SqlNodeList second) {
        try {
            return first.equalsDeep(second, Litmus.IGNORE);
        } catch (RuntimeException | AssertionError error) {
            return false;
        }
    }

    private static SqlNodeList parse(String sql, ObjectNode verdict, String errorField) {
        try {
            return SqlParser.create(sql, CONFIG).parseStmtList();
        } catch (SqlParseException | RuntimeException | Error error) {
            // What follows is the list of every token that could stand there: hundreds of lines.
            verdict.put(errorField, String.valueOf(error.getMessage()).split("\nWas expecting", 2)[0]);
            return null;
        }
    }

    /** Text with every identifier quoted; nodes that Flink cannot unparse give the reason instead. */
    private static String unparse(SqlNodeList statements) {
        StringBuilder text = new StringBuilder();
        for (SqlNode statement : statements) {
            try {
                text.append(
                        statement.toSqlString(
                                config ->
                                        config.withDialect(QUOTED)
                                                .withQuoteAllIdentifiers(true)
                                                .withAlwaysUseParentheses(true)));
            } catch (RuntimeException | AssertionError error) {
                text.append(statement.getClass().getName()).append(": ").append(error);
            }
            text.append(";\n");
        }
        return text.toString();
    }
}
