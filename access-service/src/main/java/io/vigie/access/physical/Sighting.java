package io.vigie.access.physical;

import java.time.Instant;

import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * What a door tells of a badge held to it.
 *
 * @param source the system that tells
 * @param sequence its own number of this, by which a second telling is known
 * @param number of the badge
 * @param door as a zone names it
 * @param granted whether the door opened
 */
@Schema(name = "PassageReport")
record Sighting(
    @NotNull @Pattern(regexp = "[A-Za-z0-9][A-Za-z0-9._-]{0,49}") String source,
    @NotNull @Min(0) Long sequence,
    @NotNull @Pattern(regexp = BadgeResource.NUMBER) String number,
    @NotBlank @Size(max = 100) String door,
    @NotNull PassageDirection direction,
    @NotNull Instant passedAt,
    @NotNull Boolean granted) {}
