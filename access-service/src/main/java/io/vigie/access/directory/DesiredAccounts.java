package io.vigie.access.directory;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.access.person.Person;
import io.vigie.access.person.PersonState;
import io.vigie.access.person.PersonView;

/** What accounts must be, from what is known of people and of their rights. */
@ApplicationScoped
class DesiredAccounts {

  private final DirectoryGrants grants;
  private final DirectoryRules rules;

  DesiredAccounts(DirectoryGrants grants, DirectoryRules rules) {
    this.grants = grants;
    this.rules = rules;
  }

  /** That of one person; null when there is no such person. Within a session. */
  Uni<DesiredAccount> of(UUID person) {
    return Person.<Person>list("id", person)
        .chain(this::of)
        .map(accounts -> accounts.values().stream().findFirst().orElse(null));
  }

  /** Those that have these subjects, by subject. */
  Uni<Map<String, DesiredAccount>> withSubjects(Collection<String> subjects) {
    return Person.<Person>list("details.subject in ?1", subjects)
        .chain(this::of)
        .map(
            accounts ->
                accounts.values().stream()
                    .collect(Collectors.toMap(DesiredAccount::subject, Function.identity())));
  }

  private Uni<Map<UUID, DesiredAccount>> of(List<Person> people) {
    return grants
        .of(people.stream().map(Person::id).toList())
        .map(
            granted ->
                people.stream()
                    .collect(
                        Collectors.toMap(
                            Person::id,
                            person ->
                                account(
                                    PersonView.of(person, true),
                                    granted.getOrDefault(
                                        person.id(), DirectoryGrants.Grant.NONE)))));
  }

  private DesiredAccount account(PersonView person, DirectoryGrants.Grant granted) {
    boolean enabled = person.state() == PersonState.ACTIVE;
    Set<String> roles = new HashSet<>();
    if (enabled) {
      roles.addAll(rules.everyone());
      roles.addAll(granted.roles());
    }
    return new DesiredAccount(
        person.id(),
        person.subject(),
        new AccountChange.Holder(person.givenName(), person.familyName(), person.email()),
        enabled,
        roles,
        enabled ? granted.groups() : Set.of(),
        person.erasedAt() != null);
  }
}
