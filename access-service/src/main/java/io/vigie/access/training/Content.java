package io.vigie.access.training;

import jakarta.persistence.Embeddable;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * What a course teaches, kept elsewhere.
 *
 * @param reference where it is: an address, or {@code document/<id>} of the register
 * @param version as its author counts
 * @param sha256 of its bytes, or null where it has none
 */
@Embeddable
@Schema(name = "CourseContent")
public record Content(
    @NotBlank @Size(max = 500) String reference,
    @NotBlank @Size(max = 50) String version,
    @Pattern(regexp = "[0-9a-f]{64}", message = "must be a SHA-256 in lower-case hexadecimal")
        String sha256) {}
