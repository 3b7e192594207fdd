package io.vigie.access.entitlement;

import java.util.Collection;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

import jakarta.enterprise.context.ApplicationScoped;

import io.vigie.kernel.PolicyTable;

/** What a bundle gives only when two people want it: {@code contracts/policy/bundles.json}. */
@ApplicationScoped
class BundleRules {

  private record Table(Set<Sensitivity> secondPerson) {}

  private final Table table = PolicyTable.read("bundles", Table.class);

  /** Those of {@code entitlements} that somebody else has to approve. */
  Set<UUID> sensitive(Collection<Entitlement> entitlements) {
    return entitlements.stream()
        .filter(each -> table.secondPerson().contains(each.terms().sensitivity()))
        .map(Entitlement::id)
        .collect(Collectors.toSet());
  }
}
