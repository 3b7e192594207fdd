package io.vigie.asset.document;

import java.util.List;

import jakarta.persistence.Convert;
import jakarta.persistence.Embeddable;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;

import io.vigie.asset.policy.TextList;
import io.vigie.kernel.Problem;
import io.vigie.kernel.Problem.FieldError;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * Whom a document concerns: everyone, or the people of some business profiles, whose task it is to
 * acknowledge it.
 *
 * @param profiles by name, as access-service has them; empty where it concerns everyone
 */
@Embeddable
@Schema(name = "DocumentAudience")
public record Audience(
    boolean everyone,
    @NotNull @Size(max = 50) @Convert(converter = TextList.class)
        List<
                @NotNull
                @Pattern(regexp = Audience.NAME, message = "must be the name of a business profile")
                String>
            profiles) {

  /** As access-service takes it for one. */
  static final String NAME = "(?=.{0,99}\\S)[^\\x00-\\x1f\\x7f]{1,100}";

  /**
   * @throws Problem 400 unless it is either everyone or some profiles
   */
  Audience requireConsistent() {
    if (everyone != profiles.isEmpty()) {
      throw Problem.invalid(
          List.of(
              new FieldError(
                  "audience.profiles", "must be there unless everyone is concerned, only")));
    }
    return this;
  }

  /** The same people, after a profile that they may hold got another name. */
  Audience renamed(String before, String name) {
    return new Audience(
        everyone,
        profiles.stream()
            .map(profile -> profile.equalsIgnoreCase(before) ? name : profile)
            .distinct()
            .toList());
  }
}
