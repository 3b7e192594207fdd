package io.vigie.access.training;

import java.util.List;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * Whom a course is for: everyone, or the people of some business profiles.
 *
 * @param profiles by name, whatever its case; empty where the course is for everyone
 */
@Schema(name = "CourseAudience")
public record Audience(
    @NotNull Boolean everyone,
    @NotNull @Size(max = 50) List<@NotBlank @Size(max = 100) String> profiles) {

  /** Whether it is either everyone or some profiles. */
  boolean eitherEveryoneOrSome() {
    return everyone == profiles.isEmpty();
  }
}
