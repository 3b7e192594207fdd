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
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
  void everyRuleThatBindsSuppliersHasItsClauseAndNoOther() throws IOException {
    List<String> binding = new ArrayList<>();
    for (String rule : PolicyRules.all()) {
      if (file("../controls/" + rule + ".json").get("suppliers").booleanValue()) {
        binding.add(rule);
      }
    }

    assertEquals(binding, file("supplier-clauses.json").get("clauses").findValuesAsText("rule"));
  }

  @Test
  void aRuleNeedsADocumentWhereItsControlSaysSo() {
    assertTrue(PolicyRules.needsDocument("R3.4"));
    assertFalse(PolicyRules.needsDocument("R3.3"));
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
  void aTableOrControlThatIsNotThereIsADefect() {
    assertThrows(UncheckedIOException.class, () -> PolicyTable.read("unheard-of", Object.class));
    assertThrows(UncheckedIOException.class, () -> PolicyTable.control("R99.1", Object.class));
  }
}
