package io.vigie.audit.control;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import jakarta.enterprise.context.ApplicationScoped;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.vigie.audit.control.Control.Text;
import io.vigie.audit.control.ControlResource.ControlView;
import io.vigie.audit.control.Evidence.Found;
import io.vigie.audit.control.Evidence.Receipt;
import io.vigie.audit.control.PolicyReport.Line;
import io.vigie.audit.control.PolicyReport.Signed;
import io.vigie.audit.control.StatementResource.StatementView;
import io.vigie.kernel.PolicyTable;
import io.vigie.kernel.web.Csv;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

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
      String id, Text title, boolean applicable, Text justification, List<Serving> rules) {}

  /**
   * A rule that serves a control.
   *
   * @param evidence how many events prove it among what is signed, and the last of them
   * @param turn the entry that made it turn to its state; null where time or another query did
   */
  @Schema(name = "ServingRule")
  record Serving(@JsonUnwrapped ControlView control, Found evidence, Receipt turn) {

    private static Serving of(Line line) {
      return new Serving(line.control(), line.evidence(), line.turn());
    }
  }

  private record NotCovered(List<AnnexControl> controls) {}

  /** As its ids are counted: A.5.9 is before A.5.10. */
  private static final Comparator<String> ORDER =
      Comparator.<String>comparingInt(id -> number(id, 1)).thenComparingInt(id -> number(id, 2));

  static final String COLUMNS =
      "control,applicable,justificationEn,justificationFr,rule,titleEn,titleFr,decided,state,since,inScope,failing,excepted,"
          + "current,evidence,evidenceIndex,evidenceLeafHash,index,leafHash,treeSize,rootHash";

  private static final int WIDTH = COLUMNS.split(",").length;

  private final List<AnnexControl> notCovered =
      PolicyTable.control("not-covered", NotCovered.class).controls();

  private static int number(String id, int place) {
    return Integer.parseInt(id.split("\\.")[place]);
  }

  /** All of Annex A, in its order. */
  List<AnnexControl> of(List<Line> rules) {
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
    for (Line rule : rules) {
      for (String id : rule.control().mappings().iso27001()) {
        byId.computeIfAbsent(id, any -> new AnnexControl(id, null, true, null, new ArrayList<>()))
            .rules
            .add(Serving.of(rule));
      }
    }
    return List.copyOf(byId.values());
  }

  /** A row for each rule that serves a control, and for each control that none serves. */
  static String csv(StatementView statement) {
    Signed signed = statement.signed();
    StringBuilder rows = new StringBuilder(COLUMNS).append("\r\n");
    for (AnnexControl control : statement.controls()) {
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
      for (Serving serving : control.rules) {
        ControlView rule = serving.control;
        Receipt last = serving.evidence.last();
        Receipt turn = serving.turn;
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
                    rule.current(),
                    serving.evidence.count(),
                    last == null ? null : last.index(),
                    last == null ? null : last.hex(),
                    turn == null ? null : turn.index(),
                    turn == null ? null : turn.hex(),
                    signed == null ? null : signed.size(),
                    signed == null ? null : signed.root())));
      }
    }
    return rows.toString();
  }

  /** As many as there are columns. */
  private static List<Object> cells(Object... cells) {
    return Arrays.asList(Arrays.copyOf(cells, WIDTH));
  }
}
