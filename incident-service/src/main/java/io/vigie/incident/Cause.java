package io.vigie.incident;

import java.util.UUID;

import jakarta.persistence.Embeddable;

/**
 * Another service's event that something here follows from.
 *
 * @param event its id, by which the log finds it
 * @param subject the object that it is about, as {@code <kind>/<id>}
 */
@Embeddable
public record Cause(UUID event, String subject) {}
