package io.vigie.access.client;

import java.util.List;
import java.util.Set;

import io.vigie.access.entitlement.EntitlementType;
import io.vigie.kernel.PolicyTable;
import io.vigie.kernel.Problem;
import io.vigie.kernel.Problem.FieldError;

/** Which categories of data a client can entrust, and through what it is reached. */
final class DataCategories {

  private record Table(Set<EntitlementType> reachedBy, List<Category> categories) {}

  private record Category(String id) {}

  private static final Table TABLE = PolicyTable.read("client-data-categories", Table.class);

  private static final List<String> IDS = TABLE.categories().stream().map(Category::id).toList();

  private DataCategories() {}

  /** Whether entitlements of this type open the data on their asset. */
  static boolean isReachedBy(EntitlementType type) {
    return TABLE.reachedBy().contains(type);
  }

  /** The names of these types. */
  static String[] reachedBy() {
    return TABLE.reachedBy().stream().map(EntitlementType::name).toArray(String[]::new);
  }

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
