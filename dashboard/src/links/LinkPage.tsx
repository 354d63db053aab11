import { Outlet } from '@tanstack/react-router'

export default function LinkPage() {
  return <Outlet />
}
