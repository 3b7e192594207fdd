package io.vigie.asset.posture;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

import jakarta.enterprise.context.ApplicationScoped;

import io.vigie.kernel.PolicyTable;
import io.vigie.kernel.Problem;
import io.vigie.kernel.Problem.FieldError;

/** The rules of protection: {@code contracts/policy/posture.json}, in the order of that file. */
@ApplicationScoped
class PostureRules {

  private static final String TABLE = "posture";

  private record Table(Map<String, Rule> rules) {}

  private final Map<String, Rule> rules = PolicyTable.read(TABLE, Table.class).rules();
  private final String digest = PolicyTable.digest(TABLE);

  Map<String, Rule> all() {
    return rules;
  }

  /** Those that such an asset is judged by, by id. */
  Map<String, Rule> of(Subject asset) {
    Map<String, Rule> applicable = new LinkedHashMap<>(rules);
    applicable.values().removeIf(rule -> !rule.asksOf(asset.kind(), asset.production()));
    return applicable;
  }

  /** The rule of this id; 400 when there is none. Null for null. */
  Rule require(String id) {
    Rule rule = rules.get(id);
    if (id != null && rule == null) {
      throw Problem.invalid(
          List.of(
              new FieldError(
                  "rule", "is not one of " + String.join(", ", new TreeSet<>(rules.keySet())))));
    }
    return rule;
  }

  /** What tells these rules from those of another version. */
  String digest() {
    return digest;
  }
}
