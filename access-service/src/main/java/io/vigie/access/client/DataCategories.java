package io.vigie.access.client;

import java.util.List;

import io.vigie.kernel.PolicyTable;
import io.vigie.kernel.Problem;
import io.vigie.kernel.Problem.FieldError;

/** Which categories of data a client can entrust. */
final class DataCategories {

  private record Table(List<Category> categories) {}

  private record Category(String id) {}

  private static final List<String> IDS =
      PolicyTable.read("client-data-categories", Table.class).categories().stream()
          .map(Category::id)
          .toList();

  private DataCategories() {}

  /** Fails with 400 when a category is none, or there twice. */
  static void require(List<DataEntrusted> data) {
    List<String> categories = data.stream().map(DataEntrusted::category).toList();
    List<String> unknown = categories.stream().filter(id -> !IDS.contains(id)).toList();
    if (!unknown.isEmpty()) {
      throw invalid("are no categories: " + unknown + "; there are " + IDS);
    }
    if (categories.stream().distinct().count() < categories.size()) {
      throw invalid("must name each category once");
    }
  }

  private static Problem invalid(String rule) {
    return Problem.invalid(List.of(new FieldError("data", rule)));
  }
}
