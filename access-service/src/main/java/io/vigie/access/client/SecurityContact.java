package io.vigie.access.client;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;

/** Whom a client wants told of a breach: a person, who stands in no event. */
@Embeddable
public record SecurityContact(
    @NotBlank @Size(max = 200) @Column(name = "contact_name") String name,
    @NotNull @Email @Size(max = 254) @Column(name = "contact_email") String email,
    @Size(min = 1, max = 50) @Column(name = "contact_phone") String phone) {}
