package io.vigie.asset.bulk;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;

import jakarta.enterprise.context.ApplicationScoped;

import io.vigie.asset.inventory.Asset;
import io.vigie.asset.inventory.Details;
import io.vigie.asset.inventory.Kinds;
import io.vigie.kernel.Problem.FieldError;
import io.vigie.kernel.web.Csv;
import io.vigie.kernel.web.CsvTable;

/**
 * The columns of a table of assets: {@link #IMPORTED}, {@code attributes.<name>} for the attributes
 * of kinds, and, in exports alone, what an import does not change.
 */
@ApplicationScoped
class Columns implements CsvTable.Columns {

  static final String ATTRIBUTE = "attributes.";

  static final List<String> IMPORTED =
      List.of(
          "id",
          "name",
          "kind",
          "assetTag",
          "serialNumber",
          "machineId",
          "make",
          "model",
          "site",
          "supplier",
          "client",
          "purchasedOn",
          "warrantyUntil",
          "production");

  /** Columns that an import passes over, since people and procedures decide them. */
  static final List<String> DECIDED =
      List.of(
          "state",
          "owner",
          "custodian",
          "availability",
          "integrity",
          "confidentiality",
          "proof",
          "registeredAt");

  private final List<String> attributes;
  private final Kinds kinds;

  Columns(Kinds kinds) {
    this.kinds = kinds;
    TreeSet<String> names = new TreeSet<>();
    kinds.all().values().forEach(kind -> names.addAll(kind.attributes().keySet()));
    this.attributes = List.copyOf(names);
  }

  @Override
  public String refusal(String column) {
    return DECIDED.contains(column)
        ? null
        : "is no column. Known: %s and %s<name>".formatted(IMPORTED, ATTRIBUTE);
  }

  @Override
  public boolean isRead(String column) {
    return IMPORTED.contains(column)
        || column.startsWith(ATTRIBUTE)
            && attributes.contains(column.substring(ATTRIBUTE.length()));
  }

  /** What a cell is that is none, as an error is added to the list. */
  private static final class Cells {
    private final Map<String, String> cells;
    private final List<FieldError> errors;

    Cells(Map<String, String> cells, List<FieldError> errors) {
      this.cells = cells;
      this.errors = errors;
    }

    /**
     * The cell's value; {@code known} where the table has no such column, null where it is empty.
     */
    <T> T get(String column, T known, String expected, Function<String, T> read) {
      if (!cells.containsKey(column)) {
        return known;
      }
      String text = cells.get(column).strip();
      if (text.isEmpty()) {
        return null;
      }
      try {
        return read.apply(text);
      } catch (IllegalArgumentException | DateTimeException e) {
        errors.add(new FieldError(column, "is not " + expected));
        return null;
      }
    }

    String text(String column, String known) {
      return get(column, known, "a text", text -> text);
    }

    UUID id(String column, UUID known) {
      return get(column, known, "an id", UUID::fromString);
    }

    LocalDate date(String column, LocalDate known) {
      return get(column, known, "a date such as 2026-01-31", LocalDate::parse);
    }
  }

  /** What a row makes of {@code known}, which is null for a new asset. */
  Details details(Map<String, String> row, Details known, List<FieldError> errors) {
    Cells cells = new Cells(row, errors);
    Boolean production =
        cells.get(
            "production", known != null && known.production(), "true or false", Columns::truth);
    return new Details(
        cells.text("name", known == null ? null : known.name()),
        cells.text("kind", known == null ? null : known.kind()),
        cells.text("assetTag", known == null ? null : known.assetTag()),
        cells.text("serialNumber", known == null ? null : known.serialNumber()),
        cells.get(
            "machineId", known == null ? null : known.machineId(), "a text", Details.MachineId::of),
        cells.text("make", known == null ? null : known.make()),
        cells.text("model", known == null ? null : known.model()),
        cells.id("site", known == null ? null : known.site()),
        cells.id("supplier", known == null ? null : known.supplier()),
        cells.id("client", known == null ? null : known.client()),
        cells.date("purchasedOn", known == null ? null : known.purchasedOn()),
        cells.date("warrantyUntil", known == null ? null : known.warrantyUntil()),
        production != null && production,
        attributes(row, known));
  }

  private Map<String, Object> attributes(Map<String, String> row, Details known) {
    Map<String, Object> values = new HashMap<>(known == null ? Map.of() : known.attributes());
    row.forEach(
        (column, cell) -> {
          if (column.startsWith(ATTRIBUTE)) {
            String name = column.substring(ATTRIBUTE.length());
            if (cell.isBlank()) {
              values.remove(name);
            } else {
              values.put(name, kinds.value(name, cell.strip()));
            }
          }
        });
    return values;
  }

  private static Boolean truth(String text) {
    switch (text.toLowerCase(Locale.ROOT)) {
      case "true", "yes", "oui", "vrai", "1":
        return true;
      case "false", "no", "non", "faux", "0":
        return false;
      default:
        throw new IllegalArgumentException(text);
    }
  }

  String header() {
    List<String> names = new ArrayList<>(IMPORTED);
    names.addAll(DECIDED);
    attributes.forEach(name -> names.add(ATTRIBUTE + name));
    return Csv.row(names);
  }

  String row(Asset asset) {
    Asset.State state = asset.state();
    Details details = state.details();
    List<Object> cells = new ArrayList<>();
    cells.add(asset.id());
    cells.add(details.name());
    cells.add(details.kind());
    cells.add(details.assetTag());
    cells.add(details.serialNumber());
    cells.add(details.machineId());
    cells.add(details.make());
    cells.add(details.model());
    cells.add(details.site());
    cells.add(details.supplier());
    cells.add(details.client());
    cells.add(details.purchasedOn());
    cells.add(details.warrantyUntil());
    cells.add(details.production());
    cells.add(state.state());
    cells.add(state.owner());
    cells.add(state.custodian());
    var levels = asset.effective();
    cells.add(levels == null ? null : levels.availability());
    cells.add(levels == null ? null : levels.integrity());
    cells.add(levels == null ? null : levels.confidentiality());
    cells.add(levels == null ? null : levels.proof());
    cells.add(state.registeredAt());
    attributes.forEach(name -> cells.add(details.attributes().get(name)));
    return Csv.row(cells);
  }
}
