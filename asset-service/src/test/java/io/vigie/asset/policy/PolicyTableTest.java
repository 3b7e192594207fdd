package io.vigie.asset.policy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.vigie.kernel.PolicyTable;
import io.vigie.kernel.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class PolicyTableTest {

  private static final Path POLICY =
      Path.of(System.getProperty("vigie.root"), "contracts", "policy");

  private static JsonNode file(String name) throws IOException {
    return new ObjectMapper().readTree(POLICY.resolve(name).toFile());
  }

  static Stream<String> tables() throws IOException {
    try (Stream<Path> files = Files.list(POLICY)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.contains(".schema."))
          .map(name -> name.replace(".json", ""))
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("tables")
  void everyTableKeepsItsSchema(String name) throws IOException {
    assertEquals(
        "[]",
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
            .getSchema(file(name + ".schema.json"))
            .validate(file(name + ".json"))
            .toString());
  }

  @Test
  void everyClauseAnswersARuleOfOursAndNoTwoTheSame() throws IOException {
    List<String> rules =
        file("supplier-clauses.json").get("clauses").findValuesAsText("rule").stream().toList();

    PolicyRules.require("rules", rules);
    assertEquals(rules.stream().distinct().toList(), rules);
  }

  @Test
  void everyRuleThatBindsSuppliersHasItsClauseAndIsARule() throws IOException {
    JsonNode table = file("rules.json");
    List<String> binding = texts(table.get("suppliers"));

    assertEquals(binding, file("supplier-clauses.json").get("clauses").findValuesAsText("rule"));
    PolicyRules.require("suppliers", binding);
    PolicyRules.require("documented", texts(table.get("documented")));
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.asText()));
    return texts;
  }

  @Test
  void anIdThatNoRuleHasIsRefusedByName() {
    Problem refusal =
        assertThrows(Problem.class, () -> PolicyRules.require("rules", List.of("R5.1", "R99.1")));

    assertEquals(
        List.of(new Problem.FieldError("rules", "are no rules of the policy: [R99.1]")),
        refusal.errors());
  }

  @Test
  void aTableThatIsNotThereIsADefect() {
    assertThrows(UncheckedIOException.class, () -> PolicyTable.read("unheard-of", Object.class));
  }
}
