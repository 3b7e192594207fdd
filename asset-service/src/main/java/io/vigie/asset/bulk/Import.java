package io.vigie.asset.bulk;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.OptimisticLockException;
import jakarta.validation.Validator;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.asset.inventory.Asset;
import io.vigie.asset.inventory.AssetState;
import io.vigie.asset.inventory.Details;
import io.vigie.asset.inventory.Kinds;
import io.vigie.asset.inventory.References;
import io.vigie.asset.inventory.Sites;
import io.vigie.kernel.Problem;
import io.vigie.kernel.Problem.FieldError;
import io.vigie.kernel.outbox.Outbox;
import org.hibernate.exception.ConstraintViolationException;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * A table's way into the register. A row with an id is about that asset, and one whose asset tag,
 * or kind and serial number, an asset has is about that one; any other is a new one. First it is
 * found out what each row comes to, then the rows are kept.
 */
@ApplicationScoped
class Import {

  /** What becomes of a row. */
  enum RowResult {
    CREATED,
    UPDATED,
    UNCHANGED,
    REFUSED
  }

  /**
   * @param row 1 for the first behind the header
   * @param asset null for a row that is refused, and for a new asset in a dry run
   */
  record Line(int row, RowResult result, UUID asset, List<FieldError> errors) {}

  /**
   * What became of a table.
   *
   * @param moreErrors how many are not listed, as {@value #MOST_ERRORS} are
   */
  record Lines(List<Line> rows, int moreErrors) {}

  private static final int MOST_ERRORS = 1_000;

  /**
   * What a row comes to.
   *
   * @param arrival the site to which it takes the asset; null where that stays, or is nowhere
   */
  private record Planned(
      int row,
      UUID known,
      long version,
      Details details,
      UUID arrival,
      RowResult result,
      List<FieldError> errors) {
    Line line(UUID asset) {
      return new Line(row, result, asset, errors);
    }

    Planned withFirst(int some) {
      return new Planned(
          row, known, version, details, arrival, result, List.copyOf(errors.subList(0, some)));
    }
  }

  /** What is to become of a table, with {@link #MOST_ERRORS} errors at most, and how many more. */
  private record Plan(List<Planned> rows, int moreErrors) {
    Lines lines(List<Line> lines) {
      return new Lines(lines, moreErrors);
    }
  }

  private final Columns columns;
  private final Kinds kinds;
  private final Sites sites;
  private final References references;
  private final Validator validator;
  private final Outbox outbox;
  private final Clock clock;

  Import(
      Columns columns,
      Kinds kinds,
      Sites sites,
      References references,
      Validator validator,
      Outbox outbox,
      Clock clock) {
    this.columns = columns;
    this.kinds = kinds;
    this.sites = sites;
    this.references = references;
    this.validator = validator;
    this.outbox = outbox;
    this.clock = clock;
  }

  /** What the table would come to; nothing is kept. */
  Uni<Lines> plan(List<Map<String, String>> table) {
    return Panache.withTransaction(() -> planned(table))
        .map(plan -> plan.lines(plan.rows().stream().map(row -> row.line(row.known())).toList()));
  }

  /** All rows or, when one is refused, none (422, with what is wrong with which). */
  Uni<Lines> takeWhole(List<Map<String, String>> table) {
    return Panache.withTransaction(
        () ->
            planned(table)
                .invoke(Import::requireNoneRefused)
                .chain(plan -> apply(plan.rows()).map(plan::lines)));
  }

  /** Each row by itself: what is refused keeps no other from being kept. */
  Uni<Lines> takeEach(List<Map<String, String>> table) {
    return Panache.withTransaction(() -> planned(table))
        .chain(
            plan ->
                Multi.createFrom()
                    .iterable(plan.rows())
                    .onItem()
                    .transformToUniAndConcatenate(
                        row ->
                            outbox
                                .step(() -> applyAlone(row))
                                .onFailure(Import::isConflict)
                                .recoverWithItem(() -> late(row)))
                    .collect()
                    .asList()
                    .map(plan::lines));
  }

  private static boolean isConflict(Throwable failure) {
    return failure instanceof Problem
        || failure instanceof ConstraintViolationException
        || failure instanceof OptimisticLockException;
  }

  private static Line late(Planned row) {
    return new Line(
        row.row(),
        RowResult.REFUSED,
        row.known(),
        List.of(new FieldError("row", "met another change at the same time; import it again")));
  }

  private static void requireNoneRefused(Plan plan) {
    List<FieldError> errors =
        plan.rows().stream()
            .flatMap(
                row ->
                    row.errors().stream()
                        .map(
                            error ->
                                new FieldError(
                                    "row %d: %s".formatted(row.row(), error.field()),
                                    error.message())))
            .toList();
    if (!errors.isEmpty()) {
      String more =
          plan.moreErrors() == 0
              ? ""
              : " %d more errors are not listed.".formatted(plan.moreErrors());
      throw Problem.unprocessable(
          "rows-refused",
          "Nothing was imported. Correct the listed rows, or import with atomic=false to leave them"
              + " out."
              + more,
          errors);
    }
  }

  private Uni<List<Line>> apply(List<Planned> rows) {
    return Multi.createFrom()
        .iterable(rows)
        .onItem()
        .transformToUniAndConcatenate(this::apply)
        .collect()
        .asList();
  }

  /** Since it was planned, in another transaction, the site may have been given up. */
  private Uni<Line> applyAlone(Planned row) {
    Uni<Void> there =
        row.result() == RowResult.REFUSED
            ? Uni.createFrom().voidItem()
            : references.requireSite(row.arrival(), null);
    return there.chain(() -> apply(row));
  }

  private Uni<Line> apply(Planned row) {
    switch (row.result()) {
      case CREATED:
        Asset asset = Asset.register(row.details(), false, clock.instant());
        return outbox
            .append(asset, asset.entered())
            .chain(Import::forget)
            .replaceWith(row.line(asset.id()));
      case UPDATED:
        return Asset.require(row.known())
            .invoke(known -> requireUnchanged(known, row.version()))
            .chain(known -> outbox.append(known, known.describe(row.details(), clock.instant())))
            .chain(Import::forget)
            .replaceWith(row.line(row.known()));
      default:
        return Uni.createFrom().item(row.line(row.known()));
    }
  }

  /** What was planned for an asset is about what it was then. */
  private static void requireUnchanged(Asset known, long version) {
    if (known.version() != version) {
      throw Problem.stale();
    }
  }

  /** What is kept needs no watching: each flush would look at all rows before. */
  private static Uni<Void> forget() {
    return Panache.getSession().invoke(Mutiny.Session::clear).replaceWithVoid();
  }

  private Uni<Plan> planned(List<Map<String, String>> table) {
    return KnownAssets.of(table)
        .chain(
            known ->
                references
                    .unknown(ids(table, "site"), ids(table, "supplier"), ids(table, "client"))
                    .chain(
                        unknown ->
                            sites
                                .closing()
                                .call(Import::forget)
                                .map(closing -> plan(table, known, unknown, closing))));
  }

  /** What stands in the column and is an id; what is none is told of its row. */
  private static Set<UUID> ids(List<Map<String, String>> table, String column) {
    Set<UUID> ids = new HashSet<>();
    for (Map<String, String> row : table) {
      try {
        ids.add(UUID.fromString(row.getOrDefault(column, "")));
      } catch (IllegalArgumentException e) {
        continue;
      }
    }
    return ids;
  }

  private Plan plan(
      List<Map<String, String>> table,
      KnownAssets known,
      References.Unknown unknown,
      Map<UUID, UUID> closing) {
    List<Planned> planned = new ArrayList<>();
    int room = MOST_ERRORS;
    int more = 0;
    for (Map<String, String> row : table) {
      Planned next = plan(planned.size() + 1, row, known, unknown, closing);
      int told = Math.min(room, next.errors().size());
      planned.add(next.withFirst(told));
      room -= told;
      more += next.errors().size() - told;
    }
    return new Plan(planned, more);
  }

  private Planned plan(
      int number,
      Map<String, String> row,
      KnownAssets known,
      References.Unknown unknown,
      Map<UUID, UUID> closing) {
    List<FieldError> errors = new ArrayList<>();
    Asset asset = known.of(row, errors);
    Details details = columns.details(row, asset == null ? null : asset.details(), errors);
    check(details, asset, errors);
    if (asset == null || !details.equals(asset.details())) {
      known.claim(number, asset, details, errors);
    }
    errors.addAll(unknown.errors(details, asset == null ? null : asset.details()));
    boolean stays = asset != null && Objects.equals(details.site(), asset.details().site());
    UUID arrival = stays ? null : details.site();
    if (closing.containsKey(arrival)) {
      errors.add(new FieldError("site", Sites.closes(closing.get(arrival))));
    }
    RowResult result =
        !errors.isEmpty()
            ? RowResult.REFUSED
            : asset == null
                ? RowResult.CREATED
                : details.equals(asset.details()) ? RowResult.UNCHANGED : RowResult.UPDATED;
    return new Planned(
        number,
        asset == null ? null : asset.id(),
        asset == null ? 0 : asset.version(),
        details,
        arrival,
        result,
        errors);
  }

  private void check(Details details, Asset known, List<FieldError> errors) {
    validator
        .validate(details)
        .forEach(
            wrong ->
                errors.add(new FieldError(wrong.getPropertyPath().toString(), wrong.getMessage())));
    if (kinds.all().containsKey(details.kind())) {
      errors.addAll(kinds.errors(details));
    } else if (details.kind() != null) {
      errors.add(new FieldError("kind", "is not one of " + kinds.all().keySet()));
    }
    if (known != null
        && known.state().state() != AssetState.DISCOVERED
        && !details.equals(known.details())) {
      if (!known.state().state().isHeld()) {
        errors.add(new FieldError("row", "is about an asset that changes no more"));
      } else if (!known.details().kind().equals(details.kind())) {
        errors.add(new FieldError("kind", "an asset keeps its kind"));
      }
    }
  }
}
