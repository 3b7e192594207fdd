package io.vigie.access.person;

import java.util.Set;
import java.util.UUID;

import io.smallrye.mutiny.Uni;

/** What people were trained for, as told by those who know of courses (R2). */
public interface Qualifications {

  /** Those of {@code courses} of which the person holds no certificate that is valid today. */
  Uni<Set<UUID>> lacking(UUID person, Set<UUID> courses);
}
