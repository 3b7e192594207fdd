package io.vigie.access.training;

import java.time.LocalDate;
import java.util.List;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * What is said of a course. What is left out is as the policy has it for the course of this code,
 * or for any course (see {@link TrainingPolicy}).
 *
 * @param code names the course in tables and on certificates, for ever
 * @param rules the policy's rules that it serves
 * @param firstWithinDays within how many days it is due, from arrival or from when it is asked
 * @param validityMonths how many months a certificate counts; 0 for ever
 * @param remindDays how many days before a certificate ends the course waits for its holder
 * @param selfStudy whether people do it by themselves, and say so
 * @param requiredFrom since when it is asked for: nobody is overdue for the time before. Today,
 *     unless it is said
 */
@Schema(name = "CourseSheet")
public record CourseSheet(
    @NotNull
        @Pattern(
            regexp = "[a-z0-9][a-z0-9-]{1,39}",
            message = "must be 2 to 40 lower-case letters, digits and hyphens")
        String code,
    @Size(min = 1, max = 200) String titleFr,
    @Size(min = 1, max = 200) String titleEn,
    @Size(max = 20) List<@NotNull @Pattern(regexp = "R[0-9]{1,2}\\.[0-9]{1,2}") String> rules,
    @Valid Audience audience,
    @NotNull @Valid Content content,
    @Min(1) @Max(730) Integer firstWithinDays,
    @Min(0) @Max(120) Integer validityMonths,
    @Min(0) @Max(365) Integer remindDays,
    Boolean selfStudy,
    LocalDate requiredFrom) {}
