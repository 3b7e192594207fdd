package io.vigie.asset.supplier;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;

/** Whom to call at a supplier: a person, who stands in no event. */
@Embeddable
public record SupplierContact(
    @Column(name = "contact_name") String name,
    @Column(name = "contact_email") String email,
    @Column(name = "contact_phone") String phone) {}
