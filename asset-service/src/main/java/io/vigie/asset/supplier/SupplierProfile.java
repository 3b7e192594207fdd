package io.vigie.asset.supplier;

import java.util.List;
import java.util.Locale;
import java.util.Set;

import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;

import io.vigie.kernel.Problem;
import io.vigie.kernel.Problem.FieldError;

import static java.util.Comparator.naturalOrder;
import static java.util.Comparator.nullsFirst;

/**
 * Who a supplier is and what it does. The contact is a person and stands in no event; of a supplier
 * that has ended it is null.
 *
 * @param name unique among suppliers that have not ended, whatever its case
 * @param services what it does for us, in words
 * @param handlesClientData whether what clients entrust to us reaches it
 * @param countries where it does its work, and so where such data may be (ISO 3166-1 alpha-2)
 */
public record SupplierProfile(
    @NotBlank @Size(max = 200) String name,
    @NotBlank @Size(max = 2_000) String services,
    @NotNull @Size(max = 4) List<@NotNull Activity> activities,
    @NotNull Criticality criticality,
    boolean handlesClientData,
    @NotNull @Size(max = 50) List<@NotNull String> countries,
    @NotBlank @Size(max = 200) String contactName,
    @NotNull @Email @Size(max = 254) String contactEmail,
    @Size(min = 1, max = 50) String contactPhone) {

  private static final Set<String> COUNTRIES = Set.of(Locale.getISOCountries());

  /** Lists are in one order and without repetition, so that equal ones are stored as equal. */
  public SupplierProfile {
    activities = inOrder(activities);
    countries = inOrder(countries);
  }

  static SupplierProfile of(SupplierWork work, /* nullable */ SupplierContact contact) {
    return new SupplierProfile(
        work.name(),
        work.services(),
        work.activities(),
        work.criticality(),
        work.handlesClientData(),
        work.countries(),
        contact == null ? null : contact.name(),
        contact == null ? null : contact.email(),
        contact == null ? null : contact.phone());
  }

  SupplierWork work() {
    return new SupplierWork(name, services, activities, criticality, handlesClientData, countries);
  }

  SupplierContact contact() {
    return new SupplierContact(contactName, contactEmail, contactPhone);
  }

  private static <T extends Comparable<? super T>> List<T> inOrder(List<T> values) {
    return values == null
        ? null
        : values.stream().distinct().sorted(nullsFirst(naturalOrder())).toList();
  }

  /**
   * What the fields' own limits cannot say.
   *
   * @throws Problem 400 when a country is none, or client data is handled by nobody who hosts or
   *     processes it, or nowhere
   */
  SupplierProfile requireConsistent() {
    List<String> unknown = countries.stream().filter(code -> !COUNTRIES.contains(code)).toList();
    require(unknown.isEmpty(), "countries", "are no countries of ISO 3166-1: " + unknown);
    require(
        !handlesClientData || !countries.isEmpty(),
        "countries",
        "must say where the client data is");
    require(
        !handlesClientData
            || activities.contains(Activity.HOSTS)
            || activities.contains(Activity.PROCESSES_DATA),
        "activities",
        "must say whether the client data is hosted or processed");
    return this;
  }

  /**
   * Whether it does something, gets client data or works somewhere where {@code before} did not.
   */
  boolean asksMoreThan(SupplierProfile before) {
    return !before.activities.containsAll(activities)
        || handlesClientData && !before.handlesClientData
        || !before.countries.containsAll(countries);
  }

  private static void require(boolean holds, String field, String rule) {
    if (!holds) {
      throw Problem.invalid(List.of(new FieldError(field, rule)));
    }
  }
}
