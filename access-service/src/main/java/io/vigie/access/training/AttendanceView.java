package io.vigie.access.training;

import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.vigie.kernel.web.Answer;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jboss.resteasy.reactive.RestResponse;

/** An attendance as callers see it. */
@Schema(name = "Attendance")
record AttendanceView(
    UUID id, @JsonUnwrapped Attendance.State attendance, String annulledReason, long version) {

  static AttendanceView of(Attendance attendance) {
    return new AttendanceView(
        attendance.id(), attendance.state(), attendance.annulledReason(), attendance.version());
  }

  static RestResponse<AttendanceView> created(Attendance attendance) {
    return Answer.created(
        "/v1/attendances/" + attendance.id(), of(attendance), attendance.version());
  }

  static RestResponse<AttendanceView> ok(Attendance attendance) {
    return Answer.ok(of(attendance), attendance.version());
  }
}
