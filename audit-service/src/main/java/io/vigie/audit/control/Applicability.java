package io.vigie.audit.control;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import jakarta.enterprise.context.ApplicationScoped;

import io.vigie.audit.control.Control.Text;
import io.vigie.audit.control.ControlResource.ControlView;
import io.vigie.kernel.PolicyTable;
import io.vigie.kernel.web.Csv;

/**
 * Which controls of ISO/IEC 27001:2022 Annex A apply: those that a rule serves, and of the others
 * what {@code contracts/controls/not-covered.json} says.
 */
@ApplicationScoped
class Applicability {

  /**
   * A control of Annex A.
   *
   * @param title in our own words; null where rules serve it, whose titles say it
   * @param justification why it applies or not; null where rules serve it, which is why
   * @param rules those that serve it, in the order of the policy, and where they stand
   */
  record AnnexControl(
      String id, Text title, boolean applicable, Text justification, List<ControlView> rules) {}

  private record NotCovered(List<AnnexControl> controls) {}

  /** As its ids are counted: A.5.9 is before A.5.10. */
  private static final Comparator<String> ORDER =
      Comparator.<String>comparingInt(id -> number(id, 1)).thenComparingInt(id -> number(id, 2));

  private static final List<String> COLUMNS =
      List.of(
          "control",
          "applicable",
          "justificationEn",
          "justificationFr",
          "rule",
          "titleEn",
          "titleFr",
          "decided",
          "state",
          "since",
          "inScope",
          "failing",
          "excepted",
          "current");

  private final List<AnnexControl> notCovered =
      PolicyTable.control("not-covered", NotCovered.class).controls();

  private static int number(String id, int place) {
    return Integer.parseInt(id.split("\\.")[place]);
  }

  /** All of Annex A, in its order. */
  List<AnnexControl> of(List<ControlView> rules) {
    Map<String, AnnexControl> byId = new TreeMap<>(ORDER);
    notCovered.forEach(
        control ->
            byId.put(
                control.id,
                new AnnexControl(
                    control.id,
                    control.title,
                    control.applicable,
                    control.justification,
                    List.of())));
    for (ControlView rule : rules) {
      for (String id : rule.mappings().iso27001()) {
        byId.computeIfAbsent(id, any -> new AnnexControl(id, null, true, null, new ArrayList<>()))
            .rules
            .add(rule);
      }
    }
    return List.copyOf(byId.values());
  }

  /** A row for each rule that serves a control, and for each control that none serves. */
  static String csv(List<AnnexControl> controls) {
    StringBuilder rows = new StringBuilder(Csv.row(COLUMNS));
    for (AnnexControl control : controls) {
      if (control.rules.isEmpty()) {
        rows.append(
            Csv.row(
                cells(
                    control.id,
                    control.applicable,
                    control.justification.en(),
                    control.justification.fr(),
                    null,
                    control.title.en(),
                    control.title.fr())));
      }
      for (ControlView rule : control.rules) {
        rows.append(
            Csv.row(
                cells(
                    control.id,
                    control.applicable,
                    null,
                    null,
                    rule.rule(),
                    rule.title().en(),
                    rule.title().fr(),
                    rule.decided(),
                    rule.state(),
                    rule.since(),
                    rule.inScope(),
                    rule.failing(),
                    rule.excepted(),
                    rule.current())));
      }
    }
    return rows.toString();
  }

  /** As many as there are columns. */
  private static List<Object> cells(Object... cells) {
    return Arrays.asList(Arrays.copyOf(cells, COLUMNS.size()));
  }
}
