package io.vigie.access.training;

import java.time.Clock;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.access.person.Qualifications;

/** Certificates, for those who must not know what a course is. */
@ApplicationScoped
class ValidCertificates implements Qualifications {

  private final Clock clock;

  ValidCertificates(Clock clock) {
    this.clock = clock;
  }

  @Override
  public Uni<Set<UUID>> lacking(UUID person, Set<UUID> courses) {
    if (courses.isEmpty()) {
      return Uni.createFrom().item(Set.of());
    }
    return Attendance.find(
            """
            select distinct course from Attendance where person = ?1 and course in ?2
            and annulledAt is null and (validUntil is null or validUntil >= ?3)""",
            person,
            courses,
            LocalDate.now(clock))
        .project(UUID.class)
        .list()
        .map(
            held -> {
              Set<UUID> lacking = new HashSet<>(courses);
              held.forEach(lacking::remove);
              return lacking;
            });
  }
}
