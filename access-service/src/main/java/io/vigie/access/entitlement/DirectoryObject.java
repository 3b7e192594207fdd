package io.vigie.access.entitlement;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What an entitlement is in the directory: whoever has the one has the other. */
@Embeddable
public record DirectoryObject(
    @NotNull @Enumerated(EnumType.STRING) @Column(name = "directory_kind") Kind kind,
    @NotNull
        @Pattern(
            regexp = "(?!.*/)[^\\s](.{0,253}[^\\s])?",
            message = "must be 1 to 255 characters, without a slash")
        @Column(name = "directory_name")
        String name) {

  /** A role of the realm, or a group of its top level, by name. */
  @Schema(name = "DirectoryObjectKind")
  public enum Kind {
    ROLE,
    GROUP
  }
}
